using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

/// <summary>What becomes of an account whose password is being guessed. Section <c>Lockout</c>.</summary>
/// <remarks>
/// Anyone can lock an account by failing on purpose, so no lock is long, and none keeps out a person who is signed in: refreshing needs no password.
/// </remarks>
internal sealed record LockoutOptions : IValidatableObject
{
    /// <summary>After so many failures in a row an account is locked, and again after each further one. Five: a person mistypes twice, or tries three old passwords.</summary>
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>How long the first lock lasts; each further one twice as long. Ten seconds: a person hardly notices, and a program is slowed down a hundred times.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan FirstLock { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a lock lasts at most. Five minutes: 288 guesses a day find no password of twelve characters, and when nobody fails on purpose any more the
    /// person can sign in that soon.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LongestLock { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>When failures are forgotten, after the last of them. Fifteen minutes: three times the longest lock.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Memory { get; set; } = TimeSpan.FromMinutes(15);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Memory < 2 * LongestLock)
        {
            yield return new ValidationResult(
                $"Lockout:Memory ({Memory}) must be at least twice Lockout:LongestLock ({LongestLock}): failures would be forgotten when a lock ends.", [nameof(Memory)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class LockoutOptionsValidator : IValidateOptions<LockoutOptions>;
