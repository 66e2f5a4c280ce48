using System.Diagnostics.Metrics;

namespace HighAvail.OrderService.Feed;

/// <summary>How far customers and signing keys are behind the User service, as metrics.</summary>
internal sealed class FeedLag
{
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private DateTimeOffset _lastAnswer;
    private DateTimeOffset? _behindSince;
    private int _remaining;

    public FeedLag(IMeterFactory meters, IHostEnvironment environment, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _lastAnswer = timeProvider.GetUtcNow();
        var meter = meters.Create(environment.ApplicationName);
        meter.CreateObservableGauge(
            "highavail.feed.lag",
            () => Age.TotalSeconds,
            "s",
            "Age of the oldest change of the User service that is not applied; while it cannot be asked, the time since its last answer.");
        meter.CreateObservableGauge(
            "highavail.feed.remaining", () => Remaining, "{change}", "Changes of the User service that are known but not applied.");
    }

    public TimeSpan Age
    {
        get
        {
            lock (_lock)
            {
                var age = _timeProvider.GetUtcNow() - _behindSince;
                return age > TimeSpan.Zero ? age.Value : TimeSpan.Zero;
            }
        }
    }

    public int Remaining
    {
        get
        {
            lock (_lock)
            {
                return _remaining;
            }
        }
    }

    public void Applied(ChangePage page)
    {
        lock (_lock)
        {
            _lastAnswer = _timeProvider.GetUtcNow();
            _behindSince = page.RemainingSince;
            _remaining = page.Remaining;
        }
    }

    public void Failed()
    {
        lock (_lock)
        {
            _behindSince ??= _lastAnswer;
        }
    }
}
