using HighAvail.Tests.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Gateway.Forwarding;

public sealed class TelemetryTests(TelemetryTests.ObservedGateway gateway) : IClassFixture<TelemetryTests.ObservedGateway>
{
    [Fact]
    public async Task Request_WasTriedAgain_IsOnTheTraceAndInTheMetrics()
    {
        var tries = 0;
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("busy", context =>
        {
            if (Interlocked.Increment(ref tries) > 3)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(true);
        }));

        using var response = await gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);

        response.EnsureSuccessStatusCode();
        foreach (var (signal, text) in new[]
        {
            ("traces", "highavail.gateway.tries"),
            ("traces", "highavail.gateway.parked_ms"),
            ("metrics", "highavail.gateway.tries"),
            ("metrics", "highavail.gateway.parked.duration"),
            ("metrics", "Later"),
        })
        {
            await Eventually.TrueAsync(() => Task.FromResult(gateway.Collector.Has(signal, text)), $"{text} in {signal}");
        }
    }

    public sealed class ObservedGateway : GatewayFixture
    {
        internal OtlpCollector Collector { get; private set; } = null!;

        protected override IEnumerable<(string Name, string Value)> Settings => Collector.Settings;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Collector.DisposeAsync();
        }

        protected override async Task PrepareAsync() => Collector = await OtlpCollector.StartAsync();
    }
}
