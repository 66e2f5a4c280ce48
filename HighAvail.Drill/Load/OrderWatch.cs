using System.Globalization;

namespace HighAvail.Drill.Load;

/// <summary>Somebody who looks at what happens to an order: whenever the stream ends, it is resumed after the last event that was seen.</summary>
/// <param name="shop">The API.</param>
/// <param name="customer">Who looks.</param>
/// <param name="order">At what.</param>
/// <param name="options">How long, and how patiently.</param>
/// <param name="time">The clock.</param>
internal sealed class OrderWatch(ShopClient shop, Customer customer, SentOrder order, LoadOptions options, TimeProvider time)
{
    // Soon enough that nobody notices, seldom enough that a gateway without replicas is not stormed.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private long? _seen;
    private long? _answeredAt;
    private bool _isOver;

    /// <summary>What the events had that they must not have, such as a gap.</summary>
    internal Finding? Finding { get; private set; }

    /// <summary>
    /// Answered means that the first event was there. It fails when there is none at the first attempt, or when the stream cannot be resumed
    /// in time; an interruption that is resumed does not count.
    /// </summary>
    internal async Task<Attempt> RunAsync(CancellationToken stop)
    {
        var beganAt = time.GetTimestamp();
        var lostAt = beganAt;
        while (true)
        {
            if (await FollowAsync(beganAt, stop))
            {
                lostAt = time.GetTimestamp();
            }

            if (_answeredAt is { } answeredAt && (_isOver || stop.IsCancellationRequested))
            {
                return new(Finding is null ? Outcome.Ok : Outcome.Failed, answeredAt);
            }

            if (_answeredAt is null || time.GetElapsedTime(lostAt) > options.Timeout)
            {
                return new(Outcome.Failed, time.GetTimestamp());
            }

            await Task.Delay(_pause, time, CancellationToken.None);
        }
    }

    /// <returns>Whether the stream was open for a while.</returns>
    private async Task<bool> FollowAsync(long beganAt, CancellationToken stop)
    {
        // Who is still waiting for the first event at the end of the load is owed it like everybody else; who has it, need not go on.
        using var patience = new CancellationTokenSource(options.Timeout);
        using var ended = stop.Register(() =>
        {
            if (_answeredAt is not null)
            {
                patience.Cancel();
            }
        });
        var isOpen = false;
        try
        {
            using var response = await shop.WatchAsync(customer.Token, order.Id!.Value, _seen, patience.Token);
            isOpen = true;
            if (_seen is not null)
            {
                // Resumed: the time to look is what is left of it, and if nothing is, this was enough.
                patience.CancelAfter(Left(beganAt));
            }

            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            while (!_isOver && await reader.ReadLineAsync(patience.Token) is { } line)
            {
                Read(line);
                if (_answeredAt is null && _seen is not null)
                {
                    _answeredAt = time.GetTimestamp();
                    patience.CancelAfter(stop.IsCancellationRequested ? TimeSpan.Zero : Left(beganAt));
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // Interrupted, or not let in.
        }
        catch (OperationCanceledException)
        {
            _isOver = isOpen && _answeredAt is not null;
        }

        return isOpen;
    }

    private TimeSpan Left(long beganAt)
    {
        var left = options.WatchDuration - time.GetElapsedTime(beganAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // event: cancelled
    // id: 3
    private void Read(string line)
    {
        if (line.StartsWith("id:", StringComparison.Ordinal))
        {
            if (!long.TryParse(line.AsSpan(3), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var version))
            {
                Finding ??= new(FindingKind.BrokenStream, $"order {order.Id}", $"who watched it was told an event with '{line}'");
                return;
            }

            if (_seen is { } seen && version != seen + 1)
            {
                Finding ??= new(FindingKind.BrokenStream, $"order {order.Id}", string.Create(CultureInfo.InvariantCulture, $"who watched it was told event {version} after {seen}"));
            }

            _seen = version;
        }
    }
}
