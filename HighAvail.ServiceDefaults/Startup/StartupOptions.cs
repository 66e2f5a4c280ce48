using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Startup;

/// <summary>How start-up tasks are repeated, from section <c>Startup</c>.</summary>
public sealed record StartupOptions
{
    /// <summary>The first pause before a task is repeated. 100 ms: a database that starts together with the service is up within a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause; each is twice the one before. One second: ready soon after the database, without a storm while it is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class StartupOptionsValidator : IValidateOptions<StartupOptions>;
