using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.OrderService.Access;

namespace HighAvail.Tests.OrderService;

/// <summary>What tests of the Order service's API have in common: each has a customer of its own.</summary>
public abstract class OrderServiceTest : IClassFixture<OrderServiceFixture>
{
    protected static readonly object ValidOrder = new
    {
        currency = "EUR",
        lines = new[] { new { sku = "book-1", quantity = 2, unitPrice = 1999 }, new { sku = "pen", quantity = 10, unitPrice = 0 } },
    };

    protected OrderServiceTest(OrderServiceFixture fixture)
    {
        Fixture = fixture;
        Client = fixture.Service.CreateClient(fixture.Authority.Issue(Customer));
    }

    private protected OrderServiceFixture Fixture { get; }

    private protected ServiceReplica<SigningKeyCopy> Service => Fixture.Service;

    private protected OrderDatabase Database => Fixture.Database;

    protected TokenAuthority Authority => Fixture.Authority;

    protected Guid Customer { get; } = Guid.CreateVersion7();

    protected HttpClient Client { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected async Task<JsonNode> PlaceAsync()
    {
        var response = await Client.PostAsJsonAsync("/orders", ValidOrder, Cancellation);
        response.EnsureSuccessStatusCode();
        return await ReadAsync(response);
    }

    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
}
