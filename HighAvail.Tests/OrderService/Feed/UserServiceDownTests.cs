using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.OrderService.Feed;

/// <summary>Both services as processes of their own, killed as by a failing machine.</summary>
public sealed class UserServiceDownTests(SharedPostgres postgres)
{
    private const string ServiceKey = "a-key-of-the-tests-only";
    private const string Email = "ann@example.org";
    private const string DisplayName = "Ann of Ely";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PlaceOrder_UserServiceKilledAndOrderServiceRestarted_IsAcceptedAndProcessed()
    {
        var server = await postgres.GetAsync(Cancellation);
        var usersDatabase = await server.CreateDatabaseAsync(Cancellation);
        var ordersDatabase = await server.CreateDatabaseAsync(Cancellation);
        using var users = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}") };
        using var orders = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}") };
        Task<TestProcess> StartOrdersAsync() => StartAsync("HighAvail.OrderService", orders, ("ConnectionStrings__ordersdb", ordersDatabase), ("services__users__http__0", users.BaseAddress!.ToString()));

        await using (var userService = await StartAsync("HighAvail.UserService", users, ("ConnectionStrings__usersdb", usersDatabase)))
        await using (var orderService = await StartOrdersAsync())
        {
            orders.DefaultRequestHeaders.Authorization = new("Bearer", await SignInAsync(users));
            await Eventually.TrueAsync(
                async () => (await orders.GetAsync("/orders", Cancellation)).StatusCode == HttpStatusCode.OK, "the key is known");
            await PlaceAndConfirmAsync(orders);
            Assert.DoesNotContain(Email, userService.Output, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(DisplayName, userService.Output + orderService.Output, StringComparison.Ordinal);
        }

        // Both were killed, and only one comes back.
        await using var restarted = await StartOrdersAsync();
        await PlaceAndConfirmAsync(orders);
    }

    private static async Task<TestProcess> StartAsync(string assembly, HttpClient client, params (string, string)[] settings)
    {
        var process = await ServiceProcess.StartAsync(
            assembly,
            [("ASPNETCORE_URLS", client.BaseAddress!.ToString()), ("ServiceKey", ServiceKey), ("ConnectionStrings__cache", "127.0.0.1:1"), ("Logging__LogLevel__Default", "Information"), .. settings]);
        await process.WaitUntilHealthyAsync(client);
        return process;
    }

    private static async Task PlaceAndConfirmAsync(HttpClient orders)
    {
        var order = new { currency = "EUR", lines = new[] { new { sku = "tea", quantity = 1, unitPrice = 450 } } };
        using var placed = await orders.PostAsJsonAsync("/orders", order, Cancellation);
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        await Eventually.TrueAsync(
            async () => (string?)(await orders.GetFromJsonAsync<JsonObject>(placed.Headers.Location, Cancellation))!["status"] == "confirmed",
            "the order is confirmed");
    }

    private static async Task<string> SignInAsync(HttpClient users)
    {
        var person = new { email = Email, password = "correct horse battery", displayName = DisplayName };
        (await users.PostAsJsonAsync("/auth/register", person, Cancellation)).EnsureSuccessStatusCode();
        var login = await users.PostAsJsonAsync("/auth/login", new { person.email, person.password }, Cancellation);
        return (string)(await login.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["accessToken"]!;
    }
}
