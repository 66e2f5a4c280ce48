using System.Collections.Concurrent;
using System.Diagnostics;
using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace HighAvail.Tests.ServiceDefaults.Telemetry;

/// <summary>What is exported, by the real pipeline; of a source of their own, because other tests in this process are traced as well.</summary>
public sealed class SamplingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ActivitySource _source = new(Guid.NewGuid().ToString());
    private readonly ConcurrentQueue<string> _exported = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public void Export_MoreThanTheBudget_IsCutAndFullAgainInTheNextSecond()
    {
        using var pipeline = Create(maxTracesPerSecond: 3, busyRatio: 0);

        Run(10, default);
        Assert.Equal(3, _exported.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        Run(10, default);
        Assert.Equal(6, _exported.Count);
    }

    [Fact]
    public void Export_BeyondTheBudget_IsAPart()
    {
        using var pipeline = Create(maxTracesPerSecond: 0, busyRatio: 0.25);

        Run(4_000, default);

        // Ten standard deviations on either side.
        Assert.InRange(_exported.Count, 725, 1_275);
    }

    [Fact]
    public void Export_EndedInAnError_IsAlways()
    {
        using var pipeline = Create(maxTracesPerSecond: 1, busyRatio: 0);

        Run(1, default, "fine");
        Run(3, default, "fine");
        Run(2, default, "failed", ActivityStatusCode.Error);

        Assert.Equal(["fine", "failed", "failed"], _exported);
    }

    [Fact]
    public void Export_ParentWasChosen_IsWhateverTheBudget()
    {
        using var pipeline = Create(maxTracesPerSecond: 0, busyRatio: 0);

        Run(5, Remote(ActivityTraceFlags.Recorded));

        Assert.Equal(5, _exported.Count);
    }

    // Where anybody can call, what is said of the trace decides nothing.
    [Theory]
    [InlineData(ActivityTraceFlags.Recorded)]
    [InlineData(ActivityTraceFlags.None)]
    public void Export_CallerIsNotFollowed_IsWhatTheBudgetAllows(ActivityTraceFlags flags)
    {
        using var pipeline = Create(maxTracesPerSecond: 2, busyRatio: 0, followsCaller: false);

        Run(5, Remote(flags));

        Assert.Equal(2, _exported.Count);
    }

    [Fact]
    public void Export_ParentWasNotChosen_IsForErrorsAlone()
    {
        using var pipeline = Create(maxTracesPerSecond: 100, busyRatio: 1);

        Run(5, Remote(ActivityTraceFlags.None));
        Run(1, Remote(ActivityTraceFlags.None), "failed", ActivityStatusCode.Error);

        Assert.Equal(["failed"], _exported);
    }

    [Fact]
    public void Export_OnNobodysBehalf_IsForErrorsAlone()
    {
        using var pipeline = Create(maxTracesPerSecond: 100, busyRatio: 1);

        Run(5, default, "poll", kind: ActivityKind.Client);
        Run(1, default, "failed", ActivityStatusCode.Error, ActivityKind.Client);
        Run(1, default, "work", kind: ActivityKind.Consumer);

        Assert.Equal(["failed", "work"], _exported);
    }

    [Theory]
    [InlineData(1, "statement, request")]
    [InlineData(0, "")]
    public void Export_WorkBelowARequest_GoesWithIt(int budget, string expected)
    {
        using var pipeline = Create(budget, busyRatio: 0);

        using (var request = _source.StartActivity("request", ActivityKind.Server))
        {
            Assert.NotNull(request);
            using var statement = _source.StartActivity("statement", ActivityKind.Client);
            // What is not exported is not even made.
            Assert.Equal(budget == 0, statement is null);
        }

        Assert.Equal(expected, string.Join(", ", _exported));
    }

    private static ActivityContext Remote(ActivityTraceFlags flags) =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);

    private void Run(
        int count,
        ActivityContext parent,
        string name = "request",
        ActivityStatusCode status = ActivityStatusCode.Ok,
        ActivityKind kind = ActivityKind.Server)
    {
        // Without the trace of the test around it.
        Activity.Current = null;
        for (var i = 0; i < count; i++)
        {
            using var activity = _source.StartActivity(name, kind, parent);
            activity?.SetStatus(status);
        }
    }

    private TracerProvider Create(int maxTracesPerSecond, double busyRatio, bool followsCaller = true) => Sdk.CreateTracerProviderBuilder()
        .AddSource(_source.Name)
        .SetSampler(new BudgetSampler(
            new SamplingOptions { MaxTracesPerSecond = maxTracesPerSecond, BusyRatio = busyRatio, FollowsCaller = followsCaller }, _time))
        .AddProcessor(new KeepErrors())
        .AddProcessor(new SimpleActivityExportProcessor(new Exporter(_exported)))
        .Build();

    private sealed class Exporter(ConcurrentQueue<string> exported) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var activity in batch)
            {
                exported.Enqueue(activity.DisplayName);
            }

            return ExportResult.Success;
        }
    }
}
