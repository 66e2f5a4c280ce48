using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class ConnectionGateTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_ConnectingIsSlowerThanRequestsComeAfterAnOutage_TheyAreServedAgainWhileTheyGoOnComing()
    {
        var server = new NpgsqlConnectionStringBuilder((await postgres.GetAsync(Cancellation)).ConnectionString("postgres"));
        await using var network = new SlowNetwork(server.Port);
        // A gate for two. Without it there are six places in the pool for forty requests a second, so the one that has waited longest has 150 ms left,
        // and needs 400.
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Port = network.Port,
            MaxPoolSize = ConnectionGate.Background + 2,
            Timeout = 1,
        });
        var served = 0;
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var coming = SendAsync(dataSource, () => Interlocked.Increment(ref served), load.Token);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref served) > 10), "requests are served");

        network.ConnectTime = TimeSpan.FromSeconds(10);
        network.CutAll();
        var before = Volatile.Read(ref served);
        // Longer than anybody waits: whoever is served afterwards came while there was no connection, or later.
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation);
        network.ConnectTime = TimeSpan.FromMilliseconds(400);

        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref served) > before + 20), "requests are served again");
        await load.CancelAsync();
        await coming;
    }

    [Fact]
    public async Task Enter_AllPlacesTaken_WaitsForOneAndGivesUpAfterAWhile()
    {
        await using var dataSource = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={LoopbackPort.Free()};Maximum Pool Size={ConnectionGate.Background + 1}");
        var first = await dataSource.EnterAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => dataSource.EnterAsync(Cancellation));
        Assert.True(DatabaseErrors.IsUnavailable(refused));

        var second = dataSource.EnterAsync(Cancellation);
        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose();
        using var place = await second;
        await Assert.ThrowsAsync<NpgsqlException>(() => dataSource.EnterAsync(Cancellation));
    }

    private static async Task SendAsync(NpgsqlDataSource dataSource, Action served, CancellationToken cancellationToken)
    {
        var sent = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                sent.Add(Task.Run(RequestAsync, CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sent);
        }

        async Task RequestAsync()
        {
            try
            {
                using var place = await dataSource.EnterAsync(CancellationToken.None);
                await using var command = dataSource.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(CancellationToken.None);
                served();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
            }
        }
    }
}
