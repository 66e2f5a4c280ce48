using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.OrderService;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace HighAvail.Tests.Hosting;

/// <summary>Redis only makes things faster.</summary>
[Collection(nameof(RunningSystem))]
public sealed class RedisAwayTests(RunningSystem system)
{
    private const string Redis = "cache";

    [Fact]
    public async Task UseEverything_RedisStopped_IsServed()
    {
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync(Redis, Patience.Token);
        await system.ExecuteAsync(Redis, "stop", Patience.Token);
        try
        {
            await UseEverythingAsync(Patience.Token);
        }
        finally
        {
            await system.ExecuteAsync(Redis, "start", Patience.Token);
            await WaitUntilHealthyAsync();
        }
    }

    // It takes connections and commands, and answers none: whoever waited for it would wait for ever.
    [Fact]
    public async Task UseEverything_RedisPaused_IsServed()
    {
        var redis = await system.App.ResourceNotifications.WaitForResourceHealthyAsync(Redis, Patience.Token);
        await RunningReplicas.SignalAsync(redis.ProcessId(), "STOP", Patience.Token);
        try
        {
            await UseEverythingAsync(Patience.Token);
        }
        finally
        {
            await RunningReplicas.SignalAsync(redis.ProcessId(), "CONT", Patience.Token);
            await WaitUntilHealthyAsync();
        }
    }

    // Also when the last that was heard of it is that it ended.
    private Task<ResourceEvent> WaitUntilHealthyAsync() => system.App.ResourceNotifications.WaitForResourceAsync(
        Redis, static e => e.Snapshot.HealthStatus == HealthStatus.Healthy, Patience.Token);

    // Each request is sent once: none fails. Twice in all, so that every replica is met.
    private async Task UseEverythingAsync(CancellationToken cancelled)
    {
        for (var round = 0; round < 2; round++)
        {
            using var client = await system.SignInAsync(cancelled);
            using var me = await SendAsync(client, HttpMethod.Get, "/users/me", null, HttpStatusCode.OK, cancelled);
            var user = (await me.Content.ReadFromJsonAsync<JsonObject>(cancelled))!;
            client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", me.Headers.ETag!.ToString());
            await SendAsync(client, HttpMethod.Patch, $"/users/{user["id"]}", new { displayName = "Grace" }, HttpStatusCode.OK, cancelled);
            client.DefaultRequestHeaders.Remove("If-Match");

            using var placed = await SendAsync(client, HttpMethod.Post, "/orders", Orders.Request, HttpStatusCode.Created, cancelled);
            var id = (await placed.Content.ReadFromJsonAsync<JsonObject>(cancelled))!["id"]!.GetValue<string>();
            await Orders.WaitForAsync(client, id, "confirmed", cancelled);
            await SendAsync(client, HttpMethod.Get, "/orders", null, HttpStatusCode.OK, cancelled);
            using var events = await client.GetAsync($"/orders/{id}/events", HttpCompletionOption.ResponseHeadersRead, cancelled);
            Assert.Equal(HttpStatusCode.OK, events.StatusCode);
            await SendAsync(client, HttpMethod.Post, $"/orders/{id}/cancel", null, HttpStatusCode.OK, cancelled);
            await Orders.WaitForAsync(client, id, "cancelled", cancelled);
            await ReadWhatIsCachedAsync(client, user["id"]!.GetValue<Guid>(), cancelled);
        }
    }

    // What was placed just now and one's own profile are never looked up in Redis; an old order and another's profile are.
    private async Task ReadWhatIsCachedAsync(HttpClient client, Guid user, CancellationToken cancelled)
    {
        await using var orders = OrderDatabase.Open((await system.App.GetConnectionStringAsync("ordersdb", cancelled))!);
        var shipped = await orders.InsertAsync(user, "shipped", cancelled, age: TimeSpan.FromHours(1));
        using var admin = await SignInAdminAsync(cancelled);
        foreach (var reader in (HttpClient[])[client, admin])
        {
            using var order = await SendAsync(reader, HttpMethod.Get, $"/orders/{shipped}", null, HttpStatusCode.OK, cancelled);
            Assert.Equal("shipped", (await order.Content.ReadFromJsonAsync<JsonObject>(cancelled))!["status"]!.GetValue<string>());
        }

        using var profile = await SendAsync(admin, HttpMethod.Get, $"/users/{user}", null, HttpStatusCode.OK, cancelled);
        Assert.Equal("Grace", (await profile.Content.ReadFromJsonAsync<JsonObject>(cancelled))!["displayName"]!.GetValue<string>());
    }

    private async Task<HttpClient> SignInAdminAsync(CancellationToken cancelled)
    {
        var client = system.CreateClient();
        var email = await Customers.SignInAsync(client, cancelled);
        await using var users = NpgsqlDataSource.Create((await system.App.GetConnectionStringAsync("usersdb", cancelled))!);
        await using var command = users.CreateCommand("UPDATE users SET role = 'admin' WHERE email = $1");
        command.Parameters.Add(new() { Value = email });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(cancelled));
        await Customers.SignInAgainAsync(client, email, cancelled);
        return client;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, object? body, HttpStatusCode expected, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var response = await client.SendAsync(request, cancelled);
        Assert.True(response.StatusCode == expected, $"{method} {path} was answered {(int)response.StatusCode}.");
        return response;
    }
}
