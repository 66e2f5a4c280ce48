using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace HighAvail.Tests.ServiceDefaults.Redis;

public class RedisClientTests
{
    [Fact]
    public async Task Client_RedisComesAndGoes_ConnectsByItselfAndFailsFastMeanwhile()
    {
        await using var server = new RedisServer();
        await using var service = await StartAsync(server.ConnectionString);

        var multiplexer = service.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.False(multiplexer.IsConnected);
        Assert.Equal("Degraded", await HealthAsync(service));

        await server.StartAsync();
        await Eventually.TrueAsync(async () => (await DescribeAsync(service)).Description == "Redis answers.", "Redis is used");
        await multiplexer.GetDatabase().StringSetAsync("key", "value");
        Assert.Equal("value", await multiplexer.GetDatabase().StringGetAsync("key"));

        await server.KillAsync();
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "Degraded", "Redis is missed");
        var start = Stopwatch.GetTimestamp();
        await Assert.ThrowsAnyAsync<Exception>(() => multiplexer.GetDatabase().StringGetAsync("key"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Start_RedisIsAway_ServesWithoutIt()
    {
        await using var service = await StartAsync($"127.0.0.1:{LoopbackPort.Free()}");

        Assert.False(service.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
        Assert.True((await service.Client.GetAsync(new Uri("/alive", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Start_NobodyResolvesTheClient_ConnectsByItselfOnceReady()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var service = await StartAsync(server.ConnectionString);

        await Eventually.TrueAsync(async () => (await DescribeAsync(service)).Description == "Redis answers.", "Redis is used");
    }

    [Fact]
    public void Resolve_NoConnectionString_NamesTheKey()
    {
        var builder = TestService.CreateBuilder();
        builder.AddServiceDefaults();
        builder.AddKeyedRedisClient("cache");
        using var app = builder.Build() as IDisposable;

        var exception = Assert.Throws<InvalidOperationException>(() => ((IHost)app!).Services.GetRequiredKeyedService<IConnectionMultiplexer>("cache"));

        Assert.Contains("ConnectionStrings:cache", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(string connectionString)
    {
        var builder = TestService.CreateBuilder(("ConnectionStrings:cache", connectionString), ("Redis:ConnectDelay", "00:00:00.500"), ("Redis:CommandTimeout", "00:00:10"));
        builder.AddRedisClient("cache");
        return TestService.StartAsync(builder);
    }

    private static async Task<string?> HealthAsync(TestService service) => (await DescribeAsync(service)).Status;

    private static async Task<(string? Status, string? Description)> DescribeAsync(TestService service)
    {
        using var response = await service.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var check = body.GetProperty("checks").GetProperty("redis");
        return (check.GetProperty("status").GetString(), check.GetProperty("description").GetString());
    }
}
