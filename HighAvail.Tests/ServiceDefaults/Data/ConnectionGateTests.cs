using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class ConnectionGateTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rent_AllConnectAnewOnABusyMachineUnderLoad_AreServedAgainWhileTheyGoOnComing()
    {
        var server = new NpgsqlConnectionStringBuilder((await postgres.GetAsync(Cancellation)).ConnectionString("postgres"));
        await using var network = new SlowNetwork(server.Port);
        // A gate for eight: made together, none of eight connections is ready within a second, and one alone is.
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Port = network.Port,
            MaxPoolSize = ConnectionGate.Background + 8,
            Timeout = 1,
        });
        var served = 0;
        using var load = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var coming = SendAsync(dataSource, () => Interlocked.Increment(ref served), load.Token);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref served) > 10), "requests are served");

        network.ConnectWork = TimeSpan.FromMilliseconds(250);
        network.CutAll();
        var before = Volatile.Read(ref served);

        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref served) > before + 50), "requests are served again");
        await load.CancelAsync();
        await coming;
    }

    [Fact]
    public async Task Rent_AllPlacesTaken_WaitsForOneAndGivesUpAfterAWhile()
    {
        await using var dataSource = await CreateAsync(places: 1);
        var first = await dataSource.RentAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<NpgsqlException>(() => dataSource.RentAsync(Cancellation));
        Assert.True(DatabaseErrors.IsUnavailable(refused));

        var second = dataSource.RentAsync(Cancellation);
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await using var rented = await second;
    }

    [Fact]
    public async Task Gate_AfterAFailure_LetsOneInAndTwiceAsManyWithEachSuccess()
    {
        await using var dataSource = await CreateAsync(places: 8);
        var gate = ConnectionGate.Of(dataSource);
        await EnterAsync(gate, 3);
        gate.Failed();

        gate.Leave();
        gate.Leave();
        Assert.Equal(0, await FreeOfAsync(gate));
        gate.Leave();
        Assert.Equal(1, await FreeOfAsync(gate));
        gate.Succeeded();
        Assert.Equal(2, await FreeOfAsync(gate));
        gate.Succeeded();
        gate.Succeeded();
        gate.Succeeded();
        Assert.Equal(8, await FreeOfAsync(gate));

        gate.Failed();
        Assert.Equal(1, await FreeOfAsync(gate));
    }

    // How many enter at once; they leave again.
    private static async Task<int> FreeOfAsync(ConnectionGate gate)
    {
        using var enough = new CancellationTokenSource();
        var entered = new List<Task<bool>>();
        do
        {
            entered.Add(gate.TryEnterAsync(enough.Token));
        }
        while (entered[^1].IsCompletedSuccessfully);

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entered[^1]);
        entered.SkipLast(1).ToList().ForEach(_ => gate.Leave());
        return entered.Count - 1;
    }

    private static async Task EnterAsync(ConnectionGate gate, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await gate.TryEnterAsync(Cancellation));
        }
    }

    private async Task<NpgsqlDataSource> CreateAsync(int places) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder((await postgres.GetAsync(Cancellation)).ConnectionString("postgres")) { MaxPoolSize = ConnectionGate.Background + places });

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
                await using var rented = await dataSource.RentAsync(CancellationToken.None);
                await using var command = rented.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(CancellationToken.None);
                served();
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
            }
        }
    }
}
