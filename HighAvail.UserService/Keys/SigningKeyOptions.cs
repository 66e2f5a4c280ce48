using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Keys;

/// <summary>How the keys that sign access tokens follow one another. Section <c>SigningKeys</c>.</summary>
internal sealed record SigningKeyOptions
{
    /// <summary>
    /// How long a key signs. The next one is published from the beginning of that, so whoever verifies has as long to hear of it: far more than two of the
    /// intervals at which they ask. Thirty days: short enough for a key to be of little use to whoever comes by an old copy of the database.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How often a replica looks which keys there are. Ten seconds: one small query, and keys that were retired by hand are out of use everywhere that soon.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class SigningKeyOptionsValidator : IValidateOptions<SigningKeyOptions>;
