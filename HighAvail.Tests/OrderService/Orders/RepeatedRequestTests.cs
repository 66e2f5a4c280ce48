using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class RepeatedRequestTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task Place_SameKeyAndRequest_AnswersTheSameAndPlacesOnce()
    {
        var first = await PlaceAsync(Client, _key, ValidOrder);
        var second = await PlaceAsync(Client, _key, ValidOrder);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Place_SameKeyAtOnceOnTwoReplicas_PlacesOnce()
    {
        await using var other = await StartReplicaAsync();
        using var second = other.CreateClient(Authority.Issue(Customer));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => RideOutAsync(() => PlaceAsync(i % 2 == 0 ? Client : second, _key, ValidOrder))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers.Select(answer => answer.Headers.Location).Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Place_SameKeyWithAnotherBody_Answers422()
    {
        await PlaceAsync(Client, _key, ValidOrder);

        var second = await PlaceAsync(Client, _key, new { currency = "EUR", lines = new[] { new { sku = "other", quantity = 1, unitPrice = 1 } } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        Assert.Equal("application/problem+json", second.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Place_SameKeyOfAnotherCustomer_IsAnotherRequest()
    {
        using var other = Service.CreateClient(Authority.Issue(Guid.CreateVersion7()));

        var mine = await PlaceAsync(Client, _key, ValidOrder);
        var theirs = await PlaceAsync(other, _key, ValidOrder);

        Assert.Equal(HttpStatusCode.Created, theirs.StatusCode);
        Assert.NotEqual(mine.Headers.Location, theirs.Headers.Location);
        Assert.False(theirs.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Place_SameKeyAfterARefusal_IsTheFirst()
    {
        var refused = await PlaceAsync(Client, _key, new { currency = "nothing" });
        var placed = await PlaceAsync(Client, _key, ValidOrder);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
    }

    [Fact]
    public async Task Place_FirstIsUnderWay_Answers503AfterASecondAndWritesNothing()
    {
        await using var dataSource = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await PlaceAsync(Client, _key, ValidOrder);
        // The row of the first request as it looks while that has not committed: taken away and put back in an open transaction.
        await using var open = new NpgsqlCommand(
            """
            DELETE FROM idempotency_keys WHERE location = (
                SELECT '/orders/' || id FROM orders WHERE customer_id = $1)
            """,
            connection,
            transaction);
        open.Parameters.Add(new() { Value = Customer });
        Assert.Equal(1, await open.ExecuteNonQueryAsync(Cancellation));

        var second = await PlaceAsync(Client, _key, ValidOrder);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        await transaction.RollbackAsync(Cancellation);
        var third = await PlaceAsync(Client, _key, ValidOrder);
        Assert.True(third.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("a, b\t")]
    public async Task Place_InvalidKey_Answers400(string key)
    {
        using var answer = await PlaceAsync(Client, key, ValidOrder);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull((await ReadAsync(answer))["errors"]?["Idempotency-Key"]);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Place_KeyOfEveryLengthAllowed_IsTaken()
    {
        Assert.Equal(HttpStatusCode.Created, (await PlaceAsync(Client, new string('~', 200), ValidOrder)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await PlaceAsync(Client, "!", ValidOrder)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PlaceAsync(Client, new string('a', 201), ValidOrder)).StatusCode);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Place_NoKey_PlacesEachTime()
    {
        await PlaceAsync();
        await PlaceAsync();

        Assert.Equal(2, await CountAsync());
    }

    private static async Task<HttpResponseMessage> PlaceAsync(HttpClient client, string key, object order)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(order) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request, Cancellation);
    }

    private Task<long> CountAsync() => Database.QueryAsync<long>($"SELECT count(*) FROM orders WHERE customer_id = '{Customer}'", Cancellation);
}
