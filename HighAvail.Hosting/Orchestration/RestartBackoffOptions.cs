using System.ComponentModel.DataAnnotations;

namespace HighAvail.Hosting.Orchestration;

internal sealed record RestartBackoffOptions
{
    // The first restart is immediate, since most crashes are single ones; 100 ms then is short beside any start-up.
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    // Crashing at every start costs up to a second of CPU each time: every 10 s that is bearable, and still soon after a repair.
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    // Enough to pull replicas apart that crashed together, little enough that the doubling stays visible.
    [Range(0, 0.5)]
    public double Jitter { get; init; } = 0.2;

    // Three times the longest delay: a replica that crashes soon after every start never gets back to immediate restarts.
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan ResetAfterHealthy { get; init; } = TimeSpan.FromSeconds(30);
}
