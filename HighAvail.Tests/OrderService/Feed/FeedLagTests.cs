using System.Diagnostics.Metrics;
using HighAvail.OrderService.Feed;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.OrderService.Feed;

public sealed class FeedLagTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Meters _meters = new();
    private readonly FeedLag _lag;

    public FeedLagTests() => _lag = new FeedLag(_meters, new HostingEnvironment { ApplicationName = "orders" }, _time);

    [Fact]
    public void Age_AllIsApplied_IsZeroHoweverLongNothingHappens()
    {
        _lag.Applied(Page(remaining: 0));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((0.0, 0), Measure());
    }

    [Fact]
    public void Age_ChangesRemain_GrowsFromTheFirstOfThem()
    {
        _lag.Applied(Page(remaining: 7, since: _time.GetUtcNow().UtcDateTime.AddSeconds(-3)));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((5.0, 7), Measure());
    }

    [Fact]
    public void Age_CannotAsk_GrowsFromTheLastAnswerUntilTheNext()
    {
        _lag.Applied(Page(remaining: 0));
        _time.Advance(TimeSpan.FromSeconds(2));
        _lag.Failed();
        _time.Advance(TimeSpan.FromSeconds(1));
        _lag.Failed();

        Assert.Equal((3.0, 0), Measure());
        _lag.Applied(Page(remaining: 0));
        Assert.Equal((0.0, 0), Measure());
    }

    public void Dispose() => _meters.Dispose();

    private static ChangePage Page(int remaining, DateTime? since = null) => new([], [], "next", remaining, since);

    // What an exporter would see.
    private (double Seconds, int Changes) Measure()
    {
        var measured = (Seconds: double.NaN, Changes: -1);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == _meters.Only)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            measured.Seconds = instrument is { Name: "highavail.feed.lag", Unit: "s" } ? value : measured.Seconds);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) =>
            measured.Changes = instrument is { Name: "highavail.feed.remaining", Unit: "{change}" } ? value : measured.Changes);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter? Only { get; private set; }

        public Meter Create(MeterOptions options) => Only = new Meter(options);

        public void Dispose() => Only?.Dispose();
    }
}
