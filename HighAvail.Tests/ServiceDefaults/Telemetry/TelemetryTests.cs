using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace HighAvail.Tests.ServiceDefaults.Telemetry;

public partial class TelemetryTests
{
    [Fact]
    public async Task Start_NoEndpoint_ConstructsNoProvider()
    {
        await using var service = await TestService.StartAsync();

        Assert.Null(service.Services.GetService<TracerProvider>());
        Assert.Null(service.Services.GetService<MeterProvider>());
        Assert.Null(service.Services.GetService<LoggerProvider>());
    }

    [Fact]
    public async Task Request_Endpoint_ExportsTracesMetricsAndLogsButNoProbes()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var builder = TestService.CreateBuilder(
        [
            ("OTEL_SERVICE_NAME", "orders"),
            // Enough for the requests of all other tests in this process, too.
            ("Sampling:MaxTracesPerSecond", "1000000"),
            .. collector.Settings.Select(setting => (setting.Name, (string?)setting.Value)),
        ]);
        await using var service = await TestService.StartAsync(builder, app =>
            app.MapGet("/things/{id}", (int id, ILoggerFactory loggers) => LogThing(loggers.CreateLogger("Test"), id)));

        // Other tests run in this process and are traced as well; who asked tells the requests of this one apart.
        await GetAsync(service.Address, "/health", "the-prober");
        await GetAsync(service.Address, "/things/7?email=someone@example.com", "the-customer");

        await Eventually.TrueAsync(() => Has("traces", "/things/{id}") && Has("traces", "the-customer") && Has("metrics", "http.server.request.duration") && Has("logs", "Saw thing"), "all three signals");
        Assert.True(Has("traces", "orders"));
        Assert.False(Has("traces", "the-prober"));
        Assert.False(Has("traces", "someone@example.com"));

        bool Has(string signal, string text) => collector.Has(signal, text);
    }

    private static async Task GetAsync(Uri address, string path, string userAgent)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        client.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
        using var response = await client.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Saw thing {Id}")]
    private static partial void LogThing(ILogger logger, int id);
}
