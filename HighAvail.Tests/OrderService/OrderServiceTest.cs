using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.OrderService.Access;
using HighAvail.Tests.Infrastructure;

namespace HighAvail.Tests.OrderService;

/// <summary>What tests of the Order service's API have in common: a replica, a database and a token authority of their own.</summary>
public abstract class OrderServiceTest(SharedPostgres postgres) : IAsyncLifetime
{
    protected static readonly object ValidOrder = new
    {
        currency = "EUR",
        lines = new[] { new { sku = "book-1", quantity = 2, unitPrice = 1999 }, new { sku = "pen", quantity = 10, unitPrice = 0 } },
    };

    private protected OrderDatabase Database { get; private set; } = null!;

    private protected ServiceReplica<SigningKeyCopy> Service { get; private set; } = null!;

    protected TokenAuthority Authority { get; } = new();

    protected Guid Customer { get; } = Guid.CreateVersion7();

    protected HttpClient Client { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        await Authority.PublishAsync(Database.ConnectionString, Cancellation);
        Service = await StartReplicaAsync();
        Client = Service.CreateClient(Authority.Issue(Customer));
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
            await Database.DisposeAsync();
        }

        Authority.Dispose();
        GC.SuppressFinalize(this);
    }

    // The port of the User service is closed: nothing here needs it.
    private protected Task<ServiceReplica<SigningKeyCopy>> StartReplicaAsync() => ServiceReplica<SigningKeyCopy>.StartReadyAsync(
        ("ConnectionStrings:ordersdb", Database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"));

    protected async Task<JsonNode> PlaceAsync()
    {
        var response = await Client.PostAsJsonAsync("/orders", ValidOrder, Cancellation);
        response.EnsureSuccessStatusCode();
        return await ReadAsync(response);
    }

    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
}
