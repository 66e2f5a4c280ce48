using System.Threading.Channels;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using HighAvail.Hosting.Orchestration;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

public sealed class ResourceHealthMonitorTests
{
    private static CancellationToken Cancelled => Patience.Token;

    // Who looks at a database after an outage, a person or a drill, is not told for half a minute that it is ill.
    [Fact]
    public async Task Check_FailsOnceAfterItWasReady_IsSoonMadeAgain()
    {
        var builder = Model.Create();
        HealthStatus[] results = [HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Healthy];
        var checks = 0;
        builder.Services.AddHealthChecks().AddCheck("check", () => new(results[checks++]));
        var resource = builder.AddResource(new CustomResource("database")).WithHealthCheck("check").Resource;
        await using var app = await builder.BuildAsync(Cancelled);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var time = new WaitingTime();

        var watching = new ResourceHealthMonitor(
            app.ResourceNotifications,
            app.Services.GetRequiredService<HealthCheckService>(),
            app.Services.GetRequiredService<IDistributedApplicationEventing>(),
            app.Services,
            time).WatchAsync(_ => false, ended.Token);
        await app.ResourceNotifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running });

        List<TimeSpan> waited = [];
        while (waited.Count < results.Length)
        {
            waited.Add(await time.NextAsync(Cancelled));
            time.Advance(waited.Count < results.Length ? waited[^1] : TimeSpan.Zero);
        }

        Assert.Equal([TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30)], waited);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    /// <summary>Says how long is waited.</summary>
    private sealed class WaitingTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public ValueTask<TimeSpan> NextAsync(CancellationToken cancellationToken) => _waits.Reader.ReadAsync(cancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
