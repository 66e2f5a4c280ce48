using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>What a valid access token says, from section <c>Access</c>.</summary>
public sealed record AccessOptions
{
    /// <summary>Who issues access tokens (<c>iss</c>): the public address of the system.</summary>
    [Required, Url]
    public string Issuer { get; set; } = "https://localhost:7443";

    /// <summary>For whom they are issued (<c>aud</c>).</summary>
    [Required]
    public string Audience { get; set; } = "highavail";

    /// <summary>How far the clocks of two machines may differ. Five seconds: synchronised clocks differ by milliseconds, and tokens live five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The shortest time between two reads of the keys because of an unknown key id. One second: a new key is published long before it signs, so this is rare,
    /// and anyone can send tokens with made-up ids.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan KeyRefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many verified tokens a replica remembers. Ten thousand: each is a few kilobytes, and more people hardly use one replica in five minutes.</summary>
    [Range(1, 1_000_000)]
    public int MaxRememberedTokens { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
