namespace HighAvail.Drill.Load;

/// <summary>Sends requests at times that are fixed in advance, whatever becomes of those before.</summary>
/// <remarks>
/// A client that waits for an answer before it asks again asks least while the server is slowest, and so hardly notices (coordinated
/// omission: Gil Tene, "How NOT to measure latency"). Here request i belongs to the time i / rate after the beginning. Its latency counts
/// from then: a client that comes to it late, because the machine is busy, adds its own delay and hides none.
/// </remarks>
internal sealed class OpenLoop(int rate, SampleLog log, TimeProvider time)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _unanswered = [];
    private int _open = 1;

    /// <summary>When it began; all times of samples count from here.</summary>
    internal long BeganAt { get; private set; } = time.GetTimestamp();

    /// <summary>How many requests wait for their answers.</summary>
    internal int InFlight => Math.Max(0, Volatile.Read(ref _open) - 1);

    /// <summary>When the request that has waited longest for its answer was to be sent; none if none waits.</summary>
    /// <remarks>Whoever watches an order is not counted: that lasts as long as the customer looks, however soon it was answered.</remarks>
    internal TimeSpan? OldestUnanswered
    {
        get
        {
            lock (_gate)
            {
                return _unanswered.Count == 0 ? null : IntendedAt(_unanswered.Min);
            }
        }
    }

    /// <summary>How long it has run.</summary>
    internal TimeSpan Elapsed => time.GetElapsedTime(BeganAt);

    /// <summary>Sends until it is told to stop, then waits for the last answers.</summary>
    /// <param name="next">Makes up the next request. Called from one thread, in order.</param>
    /// <param name="stop">Ends the sending.</param>
    internal async Task RunAsync(Func<PlannedRequest> next, CancellationToken stop)
    {
        BeganAt = time.GetTimestamp();
        for (long i = 0; ; i++)
        {
            var intended = IntendedAt(i);
            for (TimeSpan early; (early = intended - Elapsed) > TimeSpan.Zero && !stop.IsCancellationRequested;)
            {
                // Timers count in milliseconds, and cut off the rest.
                var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(early.TotalMilliseconds)));
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (stop.IsCancellationRequested)
            {
                break;
            }

            var request = next();
            Interlocked.Increment(ref _open);
            var number = i;
            Note(request, number, isWaiting: true);
            _ = Task.Run(() => SendAsync(request, number, intended), CancellationToken.None);
        }

        Close();
        await _ended.Task;
    }

    private async Task SendAsync(PlannedRequest request, long number, TimeSpan intended)
    {
        var delay = Elapsed - intended;
        try
        {
            var attempt = await request.Send();
            log.Add(new(request.Kind, attempt.Outcome, intended, delay, time.GetElapsedTime(BeganAt, attempt.AnsweredAt) - intended));
        }
        catch (Exception exception)
        {
            // A fault of the drill itself: its numbers would be wrong.
            _ended.TrySetException(exception);
            throw;
        }
        finally
        {
            Note(request, number, isWaiting: false);
            Close();
        }
    }

    private TimeSpan IntendedAt(long number) => TimeSpan.FromTicks(number * TimeSpan.TicksPerSecond / rate);

    private void Note(PlannedRequest request, long number, bool isWaiting)
    {
        if (request.Kind == RequestKind.Watch)
        {
            return;
        }

        lock (_gate)
        {
            _ = isWaiting ? _unanswered.Add(number) : _unanswered.Remove(number);
        }
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _ended.TrySetResult();
        }
    }
}

/// <summary>A request that is about to be sent.</summary>
internal readonly record struct PlannedRequest(RequestKind Kind, Func<Task<Attempt>> Send);

/// <summary>What became of a request.</summary>
/// <param name="Outcome">Whether it was answered well.</param>
/// <param name="AnsweredAt">When, as a time stamp of the clock.</param>
internal readonly record struct Attempt(Outcome Outcome, long AnsweredAt);
