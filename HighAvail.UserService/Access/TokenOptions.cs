using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

/// <summary>What is issued at sign-in. Section <c>Tokens</c>.</summary>
internal sealed record TokenOptions
{
    /// <summary>
    /// How long an access token is valid. Five minutes: nobody is asked about a token once issued, so this is how long a deactivated
    /// account goes on working.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
