using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>How repeated requests are recognised. Section <c>Idempotency</c>.</summary>
internal sealed record IdempotencyOptions
{
    /// <summary>How long an answer is kept for a repetition. A day: whoever repeats later has long been told that it failed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often answers past that are deleted. Ten minutes: a small part of a day, so the table grows little beyond it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CleanUpInterval { get; set; } = TimeSpan.FromMinutes(10);
}

[OptionsValidator]
internal sealed partial class IdempotencyOptionsValidator : IValidateOptions<IdempotencyOptions>;
