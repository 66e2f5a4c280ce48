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

    /// <summary>
    /// How long a sign-in can be refreshed, however often it is. Thirty days: people are asked for their password once a month, whoever stole a session has it
    /// no longer than that, and spent tokens need not be remembered for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How often a sign-in can be refreshed, because every spent token is remembered as long as it lasts: twice for each access token, since clients refresh
    /// before the old one ends, and sometimes again. That is 17 280 times in thirty days, and less than two megabytes for a client that does nothing else.
    /// </summary>
    public int MaxRefreshes => (int)Math.Ceiling(2 * SessionLifetime / AccessTokenLifetime);

    /// <summary>How often what has ended is deleted. Ten minutes: a small part of the days that it was kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CleanUpInterval { get; set; } = TimeSpan.FromMinutes(10);
}

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
