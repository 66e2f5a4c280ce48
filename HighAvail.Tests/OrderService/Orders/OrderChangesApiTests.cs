using System.Net;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class OrderChangesApiTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Theory]
    [InlineData("pending")]
    [InlineData("confirmed")]
    public async Task Cancel_NotShippedYet_IsWhatIsReadLater(string status)
    {
        var id = await InsertAsync(status);

        var answer = await PostAsync(Client, $"/orders/{id}/cancel");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("\"2\"", answer.Headers.ETag?.Tag);
        Assert.Equal("cancelled", (string?)(await ReadAsync(answer))["status"]);
        Assert.Equal(
            await Client.GetStringAsync($"/orders/{id}", Cancellation), await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("1 placed, 2 cancelled", await Database.EventsAsync(id, Cancellation));
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("cancelled")]
    [InlineData("shipped")]
    [InlineData("failed")]
    public async Task Cancel_TooLate_AnswersConflict(string status)
    {
        var id = await InsertAsync(status);

        await AssertProblemAsync(await PostAsync(Client, $"/orders/{id}/cancel"), HttpStatusCode.Conflict);

        Assert.Equal("1 placed", await Database.EventsAsync(id, Cancellation));
    }

    [Theory]
    [InlineData("\"1\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"7\", \"1\"", HttpStatusCode.OK)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("1", HttpStatusCode.PreconditionFailed)]
    [InlineData("garbage' OR 1=1", HttpStatusCode.PreconditionFailed)]
    public async Task Cancel_IfMatch_IsHonoured(string ifMatch, HttpStatusCode expected)
    {
        var id = await InsertAsync("pending");

        var answer = await PostAsync(Client, $"/orders/{id}/cancel", ifMatch: ifMatch);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(
            expected == HttpStatusCode.OK ? "1 placed, 2 cancelled" : "1 placed", await Database.EventsAsync(id, Cancellation));
    }

    [Fact]
    public async Task Cancel_ForeignOrMissing_AnswersNotFound()
    {
        var id = await Database.InsertAsync(Guid.CreateVersion7(), "pending", Cancellation);

        var foreign = await AssertProblemAsync(await PostAsync(Client, $"/orders/{id}/cancel", ifMatch: "\"7\""), HttpStatusCode.NotFound);
        var missing = await AssertProblemAsync(await PostAsync(Client, $"/orders/{Guid.CreateVersion7()}/cancel"), HttpStatusCode.NotFound);

        Assert.Equal((string?)missing["title"], (string?)foreign["title"]);
        Assert.Equal("1 placed", await Database.EventsAsync(id, Cancellation));
    }

    [Fact]
    public async Task Cancel_Repeated_AnswersTheSameThoughTheVersionHasChanged()
    {
        var id = await InsertAsync("pending");
        var key = Guid.NewGuid().ToString();

        var first = await PostAsync(Client, $"/orders/{id}/cancel", key, ifMatch: "\"1\"");
        var second = await PostAsync(Client, $"/orders/{id}/cancel", key, ifMatch: "\"1\"");

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("1 placed, 2 cancelled", await Database.EventsAsync(id, Cancellation));
    }

    [Fact]
    public async Task Ship_Confirmed_IsShippedByAdminsOnly()
    {
        var id = await InsertAsync("confirmed");
        using var admin = CreateAdmin();

        await AssertProblemAsync(await PostAsync(Client, $"/orders/{id}/ship"), HttpStatusCode.Forbidden);
        var answer = await PostAsync(admin, $"/orders/{id}/ship");

        Assert.Equal("shipped", (string?)(await ReadAsync(answer))["status"]);
        Assert.Equal("1 placed, 2 shipped", await Database.EventsAsync(id, Cancellation));
        await AssertProblemAsync(await PostAsync(admin, $"/orders/{id}/ship"), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Ship_Pending_AnswersConflict()
    {
        using var admin = CreateAdmin();

        await AssertProblemAsync(await PostAsync(admin, $"/orders/{await InsertAsync("pending")}/ship"), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Retry_Failed_IsProcessedFromTheStart()
    {
        var id = await InsertAsync("failed");
        await Database.ExecuteAsync($"UPDATE orders SET attempts = 8 WHERE id = '{id}'", Cancellation);
        using var admin = CreateAdmin();

        await AssertProblemAsync(await PostAsync(Client, $"/orders/{id}/retry"), HttpStatusCode.Forbidden);
        var answer = await ReadAsync(await PostAsync(admin, $"/orders/{id}/retry"));

        Assert.Equal("pending", (string?)answer["status"]);
        Assert.Null(answer["reason"]);
        await Eventually.TrueAsync(
            async () => await Database.EventsAsync(id, Cancellation) == "1 placed, 2 retried, 3 confirmed", "the order is confirmed");
        Assert.Equal(1, await Database.QueryAsync<int>($"SELECT attempts FROM orders WHERE id = '{id}'", Cancellation));
        await AssertProblemAsync(await PostAsync(admin, $"/orders/{id}/retry"), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Retry_FailedAgain_SameKeyIsStillTheFirst()
    {
        var id = await InsertAsync("failed");
        using var admin = CreateAdmin();
        var key = Guid.NewGuid().ToString();
        await PostAsync(admin, $"/orders/{id}/retry", key);
        await Eventually.TrueAsync(
            async () => await Database.EventsAsync(id, Cancellation) == "1 placed, 2 retried, 3 confirmed", "the order is confirmed");
        await Database.ExecuteAsync($"UPDATE orders SET status = 'failed' WHERE id = '{id}'", Cancellation);

        var repeated = await PostAsync(admin, $"/orders/{id}/retry", key);

        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        Assert.True(repeated.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("1 placed, 2 retried, 3 confirmed", await Database.EventsAsync(id, Cancellation));
    }
}
