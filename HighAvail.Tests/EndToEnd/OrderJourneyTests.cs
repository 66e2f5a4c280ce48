using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.EndToEnd;

[Collection(nameof(RunningSystem))]
public sealed class OrderJourneyTests(RunningSystem system)
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task PlaceOrder_BySignedInCustomer_IsConfirmed()
    {
        using var client = await system.SignInAsync(Cancelled);

        var placed = await Orders.PlaceAsync(client, Cancelled);
        var confirmed = await Orders.WaitForAsync(client, placed["id"]!.GetValue<string>(), "confirmed", Cancelled);

        Assert.Equal("pending", placed["status"]!.GetValue<string>());
        Assert.Equal(2100, confirmed["total"]!.GetValue<long>());
        Assert.Equal("EUR", confirmed["currency"]!.GetValue<string>());
        Assert.True(confirmed["version"]!.GetValue<long>() > placed["version"]!.GetValue<long>());
    }

    [Fact]
    public async Task ListOrders_AfterPlacing_ShowsNewestFirst()
    {
        using var client = await system.SignInAsync(Cancelled);
        var first = await Orders.PlaceAsync(client, Cancelled);
        var second = await Orders.PlaceAsync(client, Cancelled);

        var list = (await client.GetFromJsonAsync<JsonObject>("/orders", Cancelled))!;

        Assert.Equal(
            [second["id"]!.GetValue<string>(), first["id"]!.GetValue<string>()],
            list["items"]!.AsArray().Select(o => o!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task GetMe_AfterSignIn_ShowsProfile()
    {
        using var client = await system.SignInAsync(Cancelled);

        var me = (await client.GetFromJsonAsync<JsonObject>("/users/me", Cancelled))!;

        Assert.Equal("Ada", me["displayName"]!.GetValue<string>());
    }

    [Fact]
    public async Task GetOrder_OfAnother_IsNotFound()
    {
        using var owner = await system.SignInAsync(Cancelled);
        using var other = await system.SignInAsync(Cancelled);
        var order = await Orders.PlaceAsync(owner, Cancelled);

        using var response = await other.GetAsync($"/orders/{order["id"]!.GetValue<string>()}", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/orders", HttpStatusCode.Unauthorized)]
    [InlineData("/users/me", HttpStatusCode.Unauthorized)]
    [InlineData("/internal/users/changes", HttpStatusCode.NotFound)]
    [InlineData("/nothing-here", HttpStatusCode.NotFound)]
    public async Task Get_WithoutToken_IsRefusedWithProblem(string path, HttpStatusCode expected)
    {
        using var client = system.CreateClient();

        using var response = await client.GetAsync(path, Cancelled);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!;
        Assert.Equal((int)expected, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["traceId"]!.GetValue<string>());
    }
}
