using System.Collections.Concurrent;
using System.Diagnostics;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Drill.Load;

/// <summary>The load generator against a server that keeps its own record.</summary>
public class OpenLoopTests
{
    private const int Rate = 100;

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Run_ServerStallsForASecond_AllWhoWouldHaveAskedMeanwhileHaveWaited()
    {
        await using var server = await SlowServer.StartAsync(TimeSpan.Zero);
        var (loop, log) = await RunAsync(server, async (loop, log) =>
        {
            await Eventually.TrueAsync(() => server.Answered >= Rate / 2);
            server.Stall();
            await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);
            server.GoOn();
            await Eventually.TrueAsync(() => log.All().Any(s => s.Intended > Of(server.WentOnAt - loop.BeganAt)));
        });

        // By the server's own clock: whoever meant to ask during the stall has waited at least until its end.
        var (from, to) = (server.StalledAt - loop.BeganAt, server.WentOnAt - loop.BeganAt);
        var stalled = log.Where(s => s.Intended >= Of(from) && s.Intended < Of(to)).OrderBy(s => s.Intended).ToArray();
        Assert.InRange(stalled.Length, (int)(Of(to - from).TotalSeconds * Rate) - 1, (int)(Of(to - from).TotalSeconds * Rate) + 1);
        Assert.All(stalled, s => Assert.True(s.Latency >= Of(to) - s.Intended, $"{s} ended before the stall did, at {Of(to)}."));

        // Later ones have waited less: the shortest possible waits fall along a line, and none is missing in it.
        Assert.All(stalled.Zip(stalled.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(1.0 / Rate), pair.Second.Intended - pair.First.Intended));

        // So the percentiles are at least what follows from the stall alone.
        var leastWaits = log.Select(s => Of(to) > s.Intended && s.Intended >= Of(from) ? Of(to) - s.Intended : TimeSpan.Zero).Order().ToArray();
        var statistics = RequestStatistics.Of(log);
        Assert.True(statistics.P99 >= 0.99 * leastWaits[(int)(0.99 * leastWaits.Length) - 1].TotalMilliseconds, $"{statistics}");
        Assert.True(statistics.Max >= leastWaits[^1].TotalMilliseconds * 0.99);
    }

    [Fact]
    public async Task Run_ServerWithAKnownDelay_EveryLatencyHoldsWhatTheServerTook()
    {
        await using var server = await SlowServer.StartAsync(TimeSpan.FromMilliseconds(150));
        var (_, log) = await RunAsync(server, (_, _) => Eventually.TrueAsync(() => server.Answered >= Rate));

        // Requests are sent although those before have not been answered: a client that waits would reach 1 / 0.15 s, or 7 per second.
        Assert.InRange(server.MostAtOnce, 8, int.MaxValue);
        Assert.Equal(Enumerable.Range(0, log.Count).Select(i => i * TimeSpan.FromSeconds(1) / Rate), log.Select(s => s.Intended).Order());
        Assert.Equal(server.Took.Count, log.Count);

        // Rank by rank: no percentile of the client is below the server's own.
        Assert.All(log.Select(s => s.Latency).Order().Zip(server.Took.Order()), pair => Assert.True(pair.First >= pair.Second));
        Assert.True(RequestStatistics.Of(log).P50 >= 0.99 * server.Took.Order().ElementAt((log.Count / 2) - 1).TotalMilliseconds);
    }

    [Fact]
    public async Task Run_ClientComesLate_ItsDelayIsInTheLatency()
    {
        var time = new FakeTimeProvider();
        var log = new SampleLog();
        var loop = new OpenLoop(Rate, log, time);
        using var stop = new CancellationTokenSource();

        var running = loop.RunAsync(() => new(RequestKind.Read, () => Task.FromResult(new Attempt(Outcome.Ok, time.GetTimestamp()))), stop.Token);
        await Eventually.TrueAsync(() => log.Count == 1);

        // The loop may only be about to wait for its clock; then a later step finds it waiting.
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.AdvanceUntilAsync(time, () => log.Count > Rate, "the requests of a second are sent", stepMilliseconds: 1);
        await stop.CancelAsync();
        await running;

        var late = log.All().OrderBy(s => s.Intended).Skip(1).Take(Rate).ToArray();
        Assert.All(late, s => Assert.True(s.Delay >= TimeSpan.FromSeconds(1) - s.Intended, $"{s}"));
        Assert.All(late, s => Assert.True(s.Latency >= s.Delay, $"{s}"));
        Assert.Equal(0, loop.InFlight);
    }

    [Fact]
    public async Task OldestUnanswered_SomeWait_IsWhenTheFirstOfThemWasToBeSent()
    {
        var loop = new OpenLoop(Rate, new(), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var answer = new TaskCompletionSource();
        var sent = 0;

        // The first is answered, the second watches; from the third on nobody gets an answer.
        var running = loop.RunAsync(
            () =>
            {
                var number = ++sent;
                return new(number == 2 ? RequestKind.Watch : RequestKind.Read, async () =>
                {
                    await (number == 1 ? Task.CompletedTask : answer.Task);
                    return new(Outcome.Ok, TimeProvider.System.GetTimestamp());
                });
            },
            stop.Token);
        await Eventually.TrueAsync(() => loop.OldestUnanswered == TimeSpan.FromSeconds(2.0 / Rate));
        answer.SetResult();
        await stop.CancelAsync();
        await running;

        Assert.Null(loop.OldestUnanswered);
    }

    [Fact]
    public async Task Run_RequestBreaksTheDrillItself_IsNotHidden()
    {
        var loop = new OpenLoop(Rate, new(), TimeProvider.System);
        using var stop = new CancellationTokenSource();

        var running = loop.RunAsync(
            () =>
            {
                stop.Cancel();
                return new(RequestKind.Read, () => throw new InvalidOperationException("a bug"));
            },
            stop.Token);

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
    }

    private static async Task<(OpenLoop Loop, IReadOnlyList<Sample> Log)> RunAsync(SlowServer server, Func<OpenLoop, SampleLog, Task> during)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var stop = new CancellationTokenSource();
        var log = new SampleLog();
        var loop = new OpenLoop(Rate, log, TimeProvider.System);
        var running = loop.RunAsync(
            () => new(RequestKind.Read, async () =>
            {
                using var response = await http.GetAsync("/", Cancelled);
                return new(Outcome.Ok, TimeProvider.System.GetTimestamp());
            }),
            stop.Token);
        await during(loop, log);
        await stop.CancelAsync();
        await running;
        return (loop, log.All());
    }

    private static TimeSpan Of(long ticks) => Stopwatch.GetElapsedTime(0, ticks);

    /// <summary>Takes a known time, stands still when it is told to, and notes how long each request took.</summary>
    private sealed class SlowServer : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _atOnce;
        private int _answered;
        private volatile TaskCompletionSource? _stall;

        private SlowServer(TimeSpan delay)
        {
            _app = LoopbackServer.Create();
            _app.Run(async context =>
            {
                var began = Stopwatch.GetTimestamp();
                MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
                await Task.Delay(delay, context.RequestAborted);
                await (_stall?.Task ?? Task.CompletedTask);
                Took.Add(Stopwatch.GetElapsedTime(began));
                Interlocked.Decrement(ref _atOnce);
                Interlocked.Increment(ref _answered);
            });
        }

        public ConcurrentBag<TimeSpan> Took { get; } = [];

        public int MostAtOnce { get; private set; }

        public int Answered => Volatile.Read(ref _answered);

        public long StalledAt { get; private set; }

        public long WentOnAt { get; private set; }

        public Uri Address => new(_app.Urls.First());

        public static async Task<SlowServer> StartAsync(TimeSpan delay)
        {
            var server = new SlowServer(delay);
            await server._app.StartAsync(TestContext.Current.CancellationToken);
            return server;
        }

        public void Stall()
        {
            _stall = new(TaskCreationOptions.RunContinuationsAsynchronously);
            StalledAt = Stopwatch.GetTimestamp();
        }

        public void GoOn()
        {
            WentOnAt = Stopwatch.GetTimestamp();
            _stall!.SetResult();
            _stall = null;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
