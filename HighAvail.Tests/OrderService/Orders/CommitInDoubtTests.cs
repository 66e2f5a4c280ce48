using System.Net;
using System.Net.Http.Json;
using HighAvail.OrderService.Access;
using Npgsql;

namespace HighAvail.Tests.OrderService.Orders;

/// <summary>The commit of an order waits for a synchronous standby that is away. Nothing is acknowledged that a failover could lose.</summary>
public sealed class CommitInDoubtTests : IAsyncLifetime
{
    private const string Key = "the-same";

    private readonly TokenAuthority _authority = new();
    private PostgresServer _server = null!;
    private OrderDatabase _database = null!;
    private ServiceReplica<SigningKeyCopy> _service = null!;
    private HttpClient _client = null!;

    public static TheoryData<CommitCut> Cuts => [.. Enum.GetValues<CommitCut>()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartNewAsync(Cancellation);
        _database = await OrderDatabase.CreateAsync(_server, Cancellation);
        await _authority.PublishAsync(_database.ConnectionString, Cancellation);
        _service = await ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", _database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"));
        _client = _service.CreateClient(_authority.Issue(Guid.CreateVersion7()));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_service is not null)
        {
            await _service.DisposeAsync();
            await _database.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _authority.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Place_CutWhileItsCommitWaits_IsUnknownAndARepetitionFindsOutWhenTheStandbyIsThere(CommitCut cut)
    {
        var held = await HeldCommits.HoldAsync(_server);

        var first = PlaceAsync(Cancellation);
        await held.CutAsync(cut, await held.WaitForCommitAsync("INSERT INTO idempotency_keys"));

        using var unknown = await first;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        Assert.Equal("application/problem+json", unknown.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(unknown.Headers.RetryAfter);
        // It is there for everybody to see, and would be gone if this server were: so nobody is told that it was placed.
        Assert.Equal(1L, await CountAsync());
        var repetition = PlaceUntilAnsweredAsync();
        await held.WaitForCommitAsync("FROM idempotency_keys");
        Assert.False(repetition.IsCompleted);

        await held.ReleaseAsync();
        using var answer = await repetition;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Idempotency-Replayed"));
        await AssertIsTheOnlyOneAsync(answer);
    }

    [Fact]
    public async Task Place_ClientGoneWhileItsCommitWaits_IsPlacedOnceAndARepetitionFindsIt()
    {
        var held = await HeldCommits.HoldAsync(_server);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = PlaceAsync(gone.Token);
        var waiting = await held.WaitForCommitAsync("INSERT INTO idempotency_keys");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // The commit waits on, because cancelling it would report it as done; so a repetition is told to come back.
        using var early = await PlaceAsync(Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal(waiting, await held.WaitForCommitAsync("INSERT INTO idempotency_keys"));
        Assert.Equal(0L, await CountAsync());

        await held.ReleaseAsync();
        using var answer = await PlaceUntilAnsweredAsync();
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Idempotency-Replayed"));
        await AssertIsTheOnlyOneAsync(answer);
    }

    private async Task AssertIsTheOnlyOneAsync(HttpResponseMessage answer)
    {
        Assert.Equal(1L, await CountAsync());
        Assert.Equal(
            answer.Headers.Location?.ToString(), await QueryAsync<string>("SELECT '/orders/' || id FROM orders"));
        await Eventually.TrueAsync(
            async () => await QueryAsync<string>("SELECT string_agg(type, ', ' ORDER BY version) FROM order_events") == "placed, confirmed",
            "it is confirmed");
    }

    private async Task<HttpResponseMessage> PlaceUntilAnsweredAsync()
    {
        while (true)
        {
            var answer = await PlaceAsync(Cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }
        }
    }

    private async Task<HttpResponseMessage> PlaceAsync(CancellationToken cancellationToken)
    {
        var order = new { currency = "EUR", lines = new[] { new { sku = "tea", quantity = 1, unitPrice = 450 } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order) };
        request.Headers.Add("Idempotency-Key", Key);
        return await _client.SendAsync(request, cancellationToken);
    }

    private Task<long> CountAsync() => QueryAsync<long>("SELECT count(*) FROM orders");

    // A new connection each time: those of before a restart did not survive it.
    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
