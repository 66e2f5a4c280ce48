using System.Diagnostics;
using System.Net.Http.Json;
using HighAvail.OrderService.Access;
using HighAvail.Tests.OrderService.Events;

namespace HighAvail.Tests.OrderService.Signals;

/// <summary>Replicas that poll once a minute: whatever is soon, is soon because they were woken.</summary>
public sealed class WakingReplicasTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    private const string Listeners = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";

    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(30);

    private OrderDatabase _database = null!;

    [Fact]
    public async Task Place_IsAnnounced_IsProcessedBeforeTheNextPoll()
    {
        await using var replica = await StartAsync();
        using var client = replica.CreateClient(Authority.Issue(Customer));

        await AssertConfirmedSoonAsync(await PlaceAsync(client));
    }

    [Fact]
    public async Task Change_OnAnotherReplica_IsToldBeforeTheNextPoll()
    {
        await using var replica = await StartAsync();
        await using var other = await StartAsync(_database);
        using var client = replica.CreateClient(Authority.Issue(Customer));
        using var elsewhere = other.CreateClient(Authority.Issue(Customer));
        var id = await _database.InsertAsync(Customer, "confirmed", Cancellation);
        await using var stream = await EventStreamReader.OpenAsync(client, id, null, Cancellation);
        Assert.Equal("1 state", await stream.NextAsync(1));
        var started = Stopwatch.GetTimestamp();

        await PostAsync(elsewhere, $"/orders/{id}/cancel");

        Assert.Equal("2 cancelled", await stream.NextAsync(1));
        Assert.True(Stopwatch.GetElapsedTime(started) < _soon);
    }

    [Fact]
    public async Task Listen_ConnectionLost_ListensAgain()
    {
        await using var replica = await StartAsync();
        using var client = replica.CreateClient(Authority.Issue(Customer));
        var lost = await _database.QueryAsync<int>($"SELECT pid {Listeners}", Cancellation);

        await _database.QueryAsync<bool>($"SELECT pg_terminate_backend({lost})", Cancellation);

        await Eventually.TrueAsync(
            async () => await _database.QueryAsync<long>($"SELECT count(*) {Listeners} AND pid <> {lost}", Cancellation) == 1,
            "the replica listens again");
        await AssertConfirmedSoonAsync(await PlaceAsync(client));
    }

    // As when the machine at the other end is gone: nothing is closed, nothing ever comes.
    [Fact]
    public async Task Listen_ConnectionSilentForGood_ListensAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Freezes a server process by its signal.");
        await using var replica = await StartAsync();
        using var client = replica.CreateClient(Authority.Issue(Customer));
        var frozen = await _database.QueryAsync<int>($"SELECT pid {Listeners}", Cancellation);

        await SignalAsync("-STOP", frozen);
        try
        {
            await Eventually.TrueAsync(
                async () => await _database.QueryAsync<long>($"SELECT count(*) {Listeners} AND pid <> {frozen}", Cancellation) == 1,
                "the replica listens again");
            await AssertConfirmedSoonAsync(await PlaceAsync(client));
        }
        finally
        {
            await SignalAsync("-CONT", frozen);
        }
    }

    private static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [signal, $"{processId}"]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<ServiceReplica<SigningKeyCopy>> StartAsync(OrderDatabase? database = null)
    {
        _database = database ?? await OrderDatabase.CreateAsync(await Fixture.Postgres.GetAsync(Cancellation), Cancellation);
        if (database is null)
        {
            await Authority.PublishAsync(_database.ConnectionString, Cancellation);
        }

        var replica = await StartReplicaAsync(
            ("ConnectionStrings:ordersdb", _database.ConnectionString),
            ("OrderProcessing:PollInterval", "00:01:00"),
            ("OrderEvents:PollInterval", "00:01:00"));
        await Eventually.TrueAsync(
            async () => await _database.QueryAsync<long>($"SELECT count(*) {Listeners}", Cancellation) == (database is null ? 1 : 2),
            "the replica listens");
        return replica;
    }

    private async Task AssertConfirmedSoonAsync(Guid id)
    {
        var started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(
            async () => await _database.EventsAsync(id, Cancellation) == "1 placed, 2 confirmed", "the order is confirmed");
        Assert.True(Stopwatch.GetElapsedTime(started) < _soon);
    }

    private static async Task<Guid> PlaceAsync(HttpClient client)
    {
        var answer = await client.PostAsJsonAsync("/orders", ValidOrder, Cancellation);
        return (Guid)(await ReadAsync(answer))["id"]!;
    }
}
