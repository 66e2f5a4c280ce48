using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrdersApiTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Fact]
    public async Task Place_ValidOrder_AnswersWhatIsReadLater()
    {
        // Not due for an hour, so that it is still pending when it is read.
        await SetDueAsync("now() + interval '1 hour'");
        var placed = await Client.PostAsJsonAsync("/orders", ValidOrder, Cancellation);
        var read = await Client.GetAsync(placed.Headers.Location, Cancellation);
        await SetDueAsync("now()");

        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        Assert.Equal("\"1\"", placed.Headers.ETag?.Tag);
        Assert.Equal(
            await placed.Content.ReadAsStringAsync(Cancellation), await read.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(placed.Headers.ETag, read.Headers.ETag);
        var order = await ReadAsync(placed);
        Assert.Equal("pending", (string?)order["status"]);
        Assert.Equal(3998, (long?)order["total"]);
        Assert.Equal(Customer.ToString(), (string?)order["customerId"]);
        Assert.EndsWith("Z", (string?)order["createdAt"], StringComparison.Ordinal);
        Assert.Equal(7, ((Guid)order["id"]!).Version);
        Assert.False(order.AsObject().ContainsKey("reason"));
    }

    [Fact]
    public async Task Place_ValidOrder_IsConfirmedOnceWithItsEvents()
    {
        var order = await PlaceAsync();

        await Eventually.TrueAsync(
            async () => (string?)(await ReadAsync(await Client.GetAsync($"/orders/{order["id"]}", Cancellation)))["status"] == "confirmed",
            "the order is confirmed");

        var events = await Database.QueryAsync<string>(
            $"""
            SELECT string_agg(version || ' ' || type, ', ' ORDER BY version) FROM order_events WHERE order_id = '{order["id"]}'
            """,
            Cancellation);
        Assert.Equal("1 placed, 2 confirmed", events);
        var read = await Client.GetAsync($"/orders/{order["id"]}", Cancellation);
        Assert.Equal("\"2\"", read.Headers.ETag?.Tag);
        Assert.Equal(2, (long?)(await ReadAsync(read))["version"]);
    }

    [Fact]
    public async Task Get_SameVersion_AnswersNotModified()
    {
        var order = await PlaceAsync();
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync($"/orders/{order["id"]}", Cancellation)).Headers.ETag?.Tag == "\"2\"",
            "the order is confirmed");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order["id"]}");
        request.Headers.Add("If-None-Match", "\"2\"");

        var response = await Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Get_AnothersOrder_IsNotFoundExceptForAdmins()
    {
        var order = await PlaceAsync();
        using var other = Service.CreateClient(Authority.Issue(Guid.CreateVersion7()));
        using var admin = Service.CreateClient(Authority.Issue(Guid.CreateVersion7(), role: "admin"));

        var foreign = await other.GetAsync($"/orders/{order["id"]}", Cancellation);
        var missing = await other.GetAsync($"/orders/{Guid.CreateVersion7()}", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal((string?)(await ReadAsync(missing))["title"], (string?)(await ReadAsync(foreign))["title"]);
        Assert.Empty((await ReadAsync(await other.GetAsync("/orders", Cancellation)))["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"/orders/{order["id"]}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task List_SeveralPages_GivesEveryOrderOnceNewestFirst()
    {
        var placed = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            placed.Add((string)(await PlaceAsync())["id"]!);
        }

        var pages = new List<string[]>();
        for (string? next = ""; next is not null;)
        {
            var page = await ReadAsync(await Client.GetAsync($"/orders?limit=2{(next.Length > 0 ? $"&after={next}" : "")}", Cancellation));
            pages.Add([.. page["items"]!.AsArray().Select(order => (string)order!["id"]!)]);
            next = (string?)page["next"];
        }

        Assert.Equal([2, 2, 1], pages.Select(page => page.Length));
        Assert.Equal(placed.OrderDescending(StringComparer.Ordinal), pages.SelectMany(page => page));
    }

    [Fact]
    public async Task List_ByStatus_GivesOnlyThose()
    {
        await PlaceAsync();
        await Eventually.TrueAsync(
            async () => (await ReadAsync(await Client.GetAsync("/orders?status=confirmed", Cancellation)))["items"]!.AsArray().Count == 1,
            "the order is listed as confirmed");

        Assert.Empty((await ReadAsync(await Client.GetAsync("/orders?status=pending", Cancellation)))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("status=done", "status")]
    [InlineData("status=", "status")]
    [InlineData("after=garbage", "after")]
    [InlineData("after=';DROP TABLE orders", "after")]
    [InlineData("customerId=1", "customerId")]
    [InlineData("customerId=", "customerId")]
    [InlineData("customerId=' OR 1=1 --", "customerId")]
    [InlineData("all=yes", "all")]
    [InlineData("all=true&customerId=00000000-0000-0000-0000-000000000000", "all")]
    public async Task List_BadParameter_NamesIt(string query, string field)
    {
        var response = await Client.GetAsync($"/orders?{query}", Cancellation);

        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("""{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":1}],"total":0}""")]
    [InlineData("""{"currency":"EUR","currency":"USD","lines":[{"sku":"a","quantity":1,"unitPrice":1}]}""")]
    [InlineData("""{"currency":"EUR","lines":[{"sku":"a","quantity":1.5,"unitPrice":1}]}""")]
    [InlineData("""{"currency":"EUR","lines":[{"sku":"a","quantity":1e30,"unitPrice":1}]}""")]
    [InlineData("""{"currency":"EUR","lines":[{"sku":"a","quantity":"1","unitPrice":1}]}""")]
    [InlineData("""{"currency":"EUR","lines":[{"sku":"a","quantity":0,"unitPrice":1}]}""")]
    [InlineData("""{"currency":"EUR","lines":[null]}""")]
    [InlineData("""{"currency":"EUR","lines":{}}""")]
    [InlineData("""{}""")]
    public async Task Place_BadOrder_ChangesNothing(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await AssertProblemAsync(await Client.PostAsync("/orders", content, Cancellation), HttpStatusCode.BadRequest);

        Assert.Equal(0, await Database.QueryAsync<long>($"SELECT count(*) FROM orders WHERE customer_id = '{Customer}'", Cancellation));
    }

    [Fact]
    public async Task Place_WithoutToken_AnswersUnauthorized()
    {
        using var client = Service.CreateClient();

        await AssertProblemAsync(await client.PostAsJsonAsync("/orders", ValidOrder, Cancellation), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Place_TokenOfAnUnknownKeyWhileNobodyCanBeAsked_AnswersServiceUnavailable()
    {
        using var stranger = new TokenAuthority();
        using var client = Service.CreateClient(stranger.Issue(Customer));

        await AssertProblemAsync(await client.PostAsJsonAsync("/orders", ValidOrder, Cancellation), HttpStatusCode.ServiceUnavailable);
    }

    private async Task SetDueAsync(string expression)
    {
        await using var command = Database.DataSource.CreateCommand($"ALTER TABLE orders ALTER next_attempt_at SET DEFAULT {expression}");
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
