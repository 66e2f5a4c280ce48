using System.Net;
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

    protected HttpClient CreateAdmin() => Service.CreateClient(Authority.Issue(Guid.CreateVersion7(), role: "admin"));

    /// <summary>Another replica on the same database.</summary>
    private protected Task<ServiceReplica<SigningKeyCopy>> StartReplicaAsync(params (string Key, string Value)[] settings) =>
        ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            [("ConnectionStrings:ordersdb", Database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"), .. settings]);

    private protected Task<Guid> InsertAsync(string status) => Database.InsertAsync(Customer, status, Cancellation);

    /// <summary>Posts without a body.</summary>
    protected static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await client.SendAsync(request, Cancellation);
    }

    /// <summary>Repeats as the gateway does: on a busy machine a lock or a connection may not be had within its second.</summary>
    protected static async Task<HttpResponseMessage> RideOutAsync(Func<Task<HttpResponseMessage>> send)
    {
        while (true)
        {
            var answer = await send();
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            Assert.Equal("The request could not be completed now. Repeat it.", (string?)(await ReadAsync(answer))["title"]);
        }
    }

    protected static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(response);
        Assert.Equal(response.Headers.GetValues("X-Trace-Id").Single(), (string?)problem["traceId"]);
        return problem;
    }

    protected async Task<JsonNode> PlaceAsync()
    {
        var response = await Client.PostAsJsonAsync("/orders", ValidOrder, Cancellation);
        response.EnsureSuccessStatusCode();
        return await ReadAsync(response);
    }

    protected static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
}
