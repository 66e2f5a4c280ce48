using System.Net.Http.Json;
using HighAvail.OrderService.Access;
using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Data.Migrations;
using Npgsql;

namespace HighAvail.Tests.OrderService;

/// <summary>While replicas are replaced one by one, those of the previous release work on with the schema of this one.</summary>
public sealed class PreviousReleaseTests(SharedPostgres postgres)
{
    // More often than it takes until a session prepares a statement and keeps its plan.
    private const int Times = 6;

    private readonly Guid _customer = Guid.CreateVersion7();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PreviousRelease_SchemaIsMigratedUnderIt_WorksOnBesideThisOne()
    {
        var server = await postgres.GetAsync(Cancellation);
        var connectionString = await server.CreateDatabaseAsync(Cancellation);
        PreviousSchema.Apply(connectionString, typeof(Order).Assembly, PreviousRelease.LastScript);
        // Its sessions are open all the time, with whatever they have prepared.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1 };
        settings.UseSessionDefaults();
        await using var session = NpgsqlDataSource.Create(settings);
        var previous = new PreviousRelease(session);
        using var authority = new TokenAuthority();
        await previous.StoreKeysAsync(authority.Kid, authority.Jwk);
        for (var i = 0; i < Times; i++)
        {
            await DoEverythingAsync(previous);
        }

        await using var current = NpgsqlDataSource.Create(connectionString);
        Assert.NotEqual(0, await new Migrator(current, new MigrationScripts(typeof(Order).Assembly)).RunAsync(Cancellation));

        for (var i = 0; i < Times; i++)
        {
            await DoEverythingAsync(previous);
        }

        await using var service = await ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", connectionString), ("services:users:http:0", "http://127.0.0.1:1"));
        using var client = service.CreateClient(authority.Issue(_customer));
        Assert.Equal(2 * Times, (await client.GetFromJsonAsync<OrderPage>("/orders?status=confirmed", Cancellation))!.Items.Count);

        // What one places, the other confirms.
        var id = Guid.CreateVersion7();
        await previous.PlaceAsync(id, _customer, id.ToByteArray());
        await Eventually.TrueAsync(async () => await previous.FindStatusAsync(id, _customer) == "confirmed", "this release confirms it");
        var order = new { currency = "EUR", lines = new[] { new { sku = "tea", quantity = 1, unitPrice = 450 } } };
        using var placed = await client.PostAsJsonAsync("/orders", order, Cancellation);
        var newest = (await placed.Content.ReadFromJsonAsync<Order>(Cancellation))!.Id;
        await previous.ConfirmAsync(newest);
        Assert.Equal("confirmed", await previous.FindStatusAsync(newest, _customer));
        Assert.Equal(newest, (await previous.ListAsync(_customer))[0]);
    }

    private async Task DoEverythingAsync(PreviousRelease previous)
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(1, await previous.PlaceAsync(id, _customer, id.ToByteArray()));
        Assert.Equal(0, await previous.PlaceAsync(Guid.CreateVersion7(), _customer, id.ToByteArray()));
        Assert.Equal([$"/orders/{id}"], await previous.FindAnswerAsync(id.ToByteArray()));
        Assert.Equal(0, await previous.CleanUpAsync());
        Assert.Contains(id, await previous.ListAsync(_customer, "pending"));
        Assert.Equal([id], await previous.CountAttemptAsync());
        Assert.Equal([id], await previous.ConfirmAsync(id));
        Assert.Equal("confirmed", await previous.FindStatusAsync(id, _customer));
        Assert.Contains(id, await previous.ListAsync(_customer));
        Assert.Equal(0, await previous.StoreKeysAsync(await KidAsync(previous), "{}"));
    }

    private static async Task<string> KidAsync(PreviousRelease previous) =>
        (string)System.Text.Json.Nodes.JsonNode.Parse((string)(await previous.LoadKeysAsync()).Single()!)!["kid"]!;
}
