using HighAvail.Dashboard.Availability;
using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Dashboard.Availability;

public sealed class RequestStatisticsTests
{
    private readonly MetricStore _store = new(Options.Create(new TelemetryLimits()));
    private readonly MetricReader _reader = new(new TelemetryResources(), TimeProvider.System);

    [Fact]
    public void Read_BothReplicas_AreAddedUpAndFailuresToldApart()
    {
        Send("gateway", "gateway-0", 0, (200, [0, 0]));
        Send("gateway", "gateway-1", 0, (200, [50, 0]));
        Send("gateway", "gateway-0", 1, (200, [6, 0]));
        Send("gateway", "gateway-1", 1, (200, [52, 0]), (404, [1, 0]), (503, [0, 1]));
        Send("gateway", "gateway-0", 2, (200, [6, 0]));

        var statistics = RequestStatistics.Read(_store, "gateway", new TimeBins(At(0), OtlpMessages.Second, 3));

        Assert.Equal([9, 0, 0], statistics.Answered);
        Assert.Equal([1, 0, 0], statistics.Failed);
        Assert.Equal([90, double.NaN, double.NaN], statistics.SuccessPercent);
        Assert.InRange(statistics.Median[0], 0, 0.1);
        Assert.Equal(0.1, statistics.P99[0]);
        Assert.Equal(double.NaN, statistics.P99[1]);
    }

    [Fact]
    public void Read_NothingButFailures_IsNoSuccess()
    {
        Send("gateway", "gateway-0", 0, (503, [0, 0]));
        Send("gateway", "gateway-0", 1, (503, [4, 0]));

        var statistics = RequestStatistics.Read(_store, "gateway", new TimeBins(At(0), OtlpMessages.Second, 1));

        Assert.Equal((4, 0, 0), (statistics.Failed[0], statistics.Answered[0], statistics.SuccessPercent[0]));
    }

    [Fact]
    public void Services_ThatCountRequests_GatewayFirst()
    {
        Send("a", null, 0, (200, [1, 0]));
        Send("gateway", null, 0, (200, [1, 0]));

        Assert.Equal(["gateway", "a"], RequestStatistics.Services(_store));
    }

    // Those between services are not what clients see.
    [Fact]
    public void Services_GatewayHadNoRequestYet_GatewayFirst()
    {
        Send("a", null, 0, (200, [1, 0]));
        Send("gateway", null, "System.Runtime", "dotnet.gc.pause.time", 0, (200, [1, 0]));

        Assert.Equal(["gateway", "a"], RequestStatistics.Services(_store));
        Assert.All(RequestStatistics.Read(_store, "gateway", new TimeBins(At(0), OtlpMessages.Second, 1)).Answered, value => Assert.Equal(double.NaN, value));
    }

    private static ulong At(int second) => OtlpMessages.Noon + ((ulong)second * OtlpMessages.Second);

    private void Send(string service, string? instance, int second, params (int Status, ulong[] Counts)[] points) =>
        Send(service, instance, "Microsoft.AspNetCore.Hosting", "http.server.request.duration", second, points);

    private void Send(string service, string? instance, string meter, string instrument, int second, params (int Status, ulong[] Counts)[] points) => _store.Add(
        _reader.Read(
            OtlpMessages.Request(service, instance, meter, OtlpMessages.Histogram(
                instrument, points.Select(point => OtlpMessages.Distribution(point.Counts, [0.1], At(second), status: point.Status)))),
            new()),
        new Rejections());
}
