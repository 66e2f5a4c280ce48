using System.Collections.Concurrent;
using HighAvail.Drill.Bench;

namespace HighAvail.Tests.Drill.Bench;

public sealed class ContestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_TwoContestants_AreMeasuredInTurnAndSettleBeforeTheNext()
    {
        var happened = new ConcurrentQueue<string>();
        Contestant Named(string name) => new(
            name,
            _ =>
            {
                if (happened.LastOrDefault() != name)
                {
                    happened.Enqueue(name);
                }

                return Task.FromResult(true);
            },
            _ =>
            {
                happened.Enqueue($"{name} settled");
                return Task.CompletedTask;
            });
        var options = new BenchOptions(Rounds: 2, WarmUp: TimeSpan.FromMilliseconds(1), Duration: TimeSpan.FromMilliseconds(1), Clients: 1);

        var results = await new Contest(options, _ => { }).RunAsync([Named("a"), Named("b")], Cancellation);

        Assert.Equal(["a", "a settled", "b", "b settled", "a", "a settled", "b", "b settled", "a", "a settled", "b", "b settled"], happened);
        Assert.All(results, result => Assert.Equal(2, result.Rounds.Count));
    }

    [Fact]
    public async Task RunAsync_SomeRequestsFail_CountsThemApartFromTheOthers()
    {
        var sent = 0;

        var measured = await ClosedLoop.RunAsync(
            _ => Task.FromResult(Interlocked.Increment(ref sent) % 4 != 0), clients: 1, TimeSpan.FromMilliseconds(50), Cancellation);

        Assert.Equal(sent / 4, measured.Failed);
    }

    [Fact]
    public async Task RunAsync_Clients_SendNoMoreThanOneRequestEachAtATime()
    {
        var (under, most) = (0, 0);

        await ClosedLoop.RunAsync(
            async cancellationToken =>
            {
                var now = Interlocked.Increment(ref under);
                InterlockedMax(ref most, now);
                await Task.Delay(1, cancellationToken);
                Interlocked.Decrement(ref under);
                return true;
            },
            clients: 5,
            TimeSpan.FromMilliseconds(200),
            Cancellation);

        Assert.InRange(most, 1, 5);
        Assert.Equal(0, under);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
