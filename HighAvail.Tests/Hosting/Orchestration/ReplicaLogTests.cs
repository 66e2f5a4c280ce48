using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Tests.Hosting.Orchestration;

public sealed class ReplicaLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationToken _cancellationToken = TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private LogStore Store(int maxLines = 10_000, long maxBytes = 8 << 20) => new(
        _folder.Path,
        new() { MaxLines = maxLines, MaxBytes = maxBytes },
        TimeProvider.System,
        NullLogger<LogStore>.Instance);

    [Fact]
    public void For_SameReplica_IsTheSameLog()
    {
        using var store = Store();

        Assert.Same(store.For("orders-0"), store.For("orders-0"));
        Assert.NotSame(store.For("orders-0"), store.For("orders-1"));
    }

    [Fact]
    public void Snapshot_MoreLinesThanKept_HasTheLastOnes()
    {
        using var store = Store(maxLines: 3);
        var log = store.For("orders-0");
        for (var i = 1; i <= 7; i++)
        {
            log.Append(isError: i % 2 == 0, $"line {i}");
        }

        Assert.Equal(
            [(5, "line 5", false), (6, "line 6", true), (7, "line 7", false)],
            log.Snapshot().Select(line => (line.Sequence, line.Text, line.IsError)));
        Assert.Equal([7], log.Snapshot(maxLines: 1).Select(line => line.Sequence));
        Assert.Equal(7, log.LastSequence);
    }

    [Fact]
    public void Snapshot_MoreBytesThanKept_HasTheLastOnesAndAlwaysTheLast()
    {
        using var store = Store(maxBytes: 1024);
        var log = store.For("orders-0");
        for (var i = 0; i < 10; i++)
        {
            log.Append(isError: false, new('x', 200));
        }

        Assert.Equal([9, 10], log.Snapshot().Select(line => line.Sequence));

        log.Append(isError: false, new('x', 2000));
        Assert.Equal([11], log.Snapshot().Select(line => line.Sequence));
    }

    [Fact]
    public async Task Follow_WhileWriting_SeesEveryLineInOrder()
    {
        using var store = Store();
        var log = store.For("orders-0");
        log.Append(isError: false, "0");
        var writing = Task.Run(() =>
        {
            for (var i = 1; i < 5000; i++)
            {
                log.Append(isError: false, $"{i}");
            }
        }, _cancellationToken);

        var lines = await log.FollowAsync(afterSequence: 0, _cancellationToken).Take(5000).ToListAsync(_cancellationToken);

        await writing;
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i}"), lines.Select(line => line.Text));
        Assert.All(lines, line => Assert.Equal(0, line.LostBefore));
    }

    [Fact]
    public async Task Follow_AfterALine_BeginsWithTheNext()
    {
        using var store = Store();
        var log = store.For("orders-0");
        log.Append(isError: false, "old");
        log.Append(isError: false, "new");

        Assert.Equal("new", (await log.FollowAsync(afterSequence: 1, _cancellationToken).FirstAsync(_cancellationToken)).Text);
    }

    [Fact]
    public async Task Follow_SlowReader_LosesLinesAndIsToldHowMany()
    {
        using var store = Store(maxLines: 10);
        var log = store.For("orders-0");
        log.Append(isError: false, "first");
        await using var reader = log.FollowAsync(afterSequence: 0, _cancellationToken).GetAsyncEnumerator(_cancellationToken);
        Assert.True(await reader.MoveNextAsync());

        for (var i = 0; i < 100; i++)
        {
            log.Append(isError: false, "flood");
        }

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((92, 90), (reader.Current.Sequence, reader.Current.LostBefore));
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((93, 0), (reader.Current.Sequence, reader.Current.LostBefore));
    }

    [Fact]
    public async Task Follow_Cancelled_Ends()
    {
        using var store = Store();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        var reading = store.For("orders-0").FollowAsync(afterSequence: 0, stop.Token).FirstAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }
}
