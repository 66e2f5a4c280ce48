using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

internal sealed class FakeReplicaDriver : IReplicaDriver
{
    private int _probes;

    public bool HasReadinessProbe { get; init; } = true;

    public bool HasLivenessProbe { get; init; } = true;

    public TimeSpan ProbeTimeout { get; } = TimeSpan.FromSeconds(2);

    public ProcessSpec Spec { get; init; } = new("/bin/true", [], "/", new Dictionary<string, string>());

    public Func<CancellationToken, Task> Prepare { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task<ProbeResult>> Ready { get; set; } = _ => Task.FromResult(ProbeResult.Passed);

    public Func<CancellationToken, Task<ProbeResult>> Alive { get; set; } = _ => Task.FromResult(ProbeResult.Passed);

    public int Probes => Volatile.Read(ref _probes);

    public async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        await Prepare(cancellationToken);
        return Spec;
    }

    public Task<ProbeResult> ProbeReadyAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        return Ready(cancellationToken);
    }

    public Task<ProbeResult> ProbeAliveAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        return Alive(cancellationToken);
    }
}
