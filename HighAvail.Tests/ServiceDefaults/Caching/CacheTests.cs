using System.Reflection;
using System.Text.Json;
using HighAvail.ServiceDefaults.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace HighAvail.Tests.ServiceDefaults.Caching;

public sealed class CacheTests
{
    // What is sent directly is not about how soon Redis has to answer.
    private static readonly (string, string?) _patient = ("Redis:CommandTimeout", "00:00:10");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_AnotherReplicaHasSetIt_ComesFromRedis()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var one = await StartAsync(redis.ConnectionString);
        await using var other = await StartAsync(redis.ConnectionString);

        // Written in the background, and connecting may take longer than anybody waits.
        await Eventually.TrueAsync(async () =>
        {
            await Cache(one).SetAsync("key", "value", token: Cancellation);
            return await Cache(other).TryGetAsync<string>("key", token: Cancellation) is { HasValue: true, Value: "value" };
        });
    }

    // It may lack a field that this one shows.
    [Fact]
    public async Task Get_AnotherReleaseHasSetIt_IsMissing()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var former = await StartAsync(typeof(Xunit.Assert).Assembly, redis.ConnectionString, _patient);
        await using var same = await StartAsync(redis.ConnectionString, _patient);
        await using var other = await StartAsync(redis.ConnectionString);
        await Eventually.TrueAsync(async () =>
        {
            await Cache(former).SetAsync("key", "former", token: Cancellation);
            await Cache(same).SetAsync("other", "value", token: Cancellation);
            var multiplexer = former.Services.GetRequiredService<IConnectionMultiplexer>();
            return multiplexer.IsConnected && await multiplexer.GetServers().Single().DatabaseSizeAsync() == 2
                && (await Cache(other).TryGetAsync<string>("other", token: Cancellation)).HasValue;
        });

        Assert.False((await Cache(other).TryGetAsync<string>("key", token: Cancellation)).HasValue);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("paused")]
    [InlineData("killed")]
    public async Task GetOrSet_RedisDoesNotAnswer_GoesOnWithTheMemoryOfTheReplica(string fault)
    {
        await using var redis = new RedisServer();
        if (fault != "absent")
        {
            await redis.StartAsync();
        }

        await using var service = await StartAsync(redis.ConnectionString);
        await Cache(service).SetAsync("before", "value", token: Cancellation);
        await (fault switch
        {
            "paused" => redis.PauseAsync(),
            "killed" => redis.KillAsync(),
            _ => Task.CompletedTask,
        });

        for (var i = 0; i < 20; i++)
        {
            var computed = 0;
            for (var read = 0; read < 2; read++)
            {
                var value = await Cache(service).GetOrSetAsync($"key {i}", _ => Task.FromResult(++computed), token: Cancellation);
                Assert.Equal(1, value);
            }

            Assert.Equal(1, computed);
        }

        Assert.Equal("value", (await Cache(service).TryGetAsync<string>("before", token: Cancellation)).Value);
    }

    [Fact]
    public async Task Get_RedisHangs_IsNotAskedAgainForAWhile()
    {
        var asked = 0;
        var hanging = new HangingCache(() => asked++);
        using var cache = new FusionCache(new FusionCacheOptions { DistributedCacheCircuitBreakerDuration = TimeSpan.FromMinutes(5) });
        cache.SetupDistributedCache(
            new PromptDistributedCache(hanging, TimeSpan.FromMilliseconds(50), TimeProvider.System), new JsonCacheSerializer(JsonSerializerOptions.Web));

        for (var i = 0; i < 10; i++)
        {
            Assert.False((await cache.TryGetAsync<string>($"key {i}", token: Cancellation)).HasValue);
        }

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Get_GarbageInRedis_IsMissing()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var service = await StartAsync(redis.ConnectionString, _patient);
        var multiplexer = service.Services.GetRequiredService<IConnectionMultiplexer>();
        // Until it is connected nothing is read from it.
        await Eventually.TrueAsync(async () =>
        {
            await Cache(service).SetAsync("key", "value", token: Cancellation);
            return multiplexer.IsConnected && await multiplexer.GetServers().Single().DatabaseSizeAsync() > 0;
        });
        var key = multiplexer.GetServers().Single().Keys().Single(name => name.ToString().EndsWith("key", StringComparison.Ordinal));
        await multiplexer.GetDatabase().HashSetAsync(key, "data", "not json");
        await using var other = await StartAsync(redis.ConnectionString);

        Assert.False((await Cache(other).TryGetAsync<string>("key", token: Cancellation)).HasValue);
        Assert.Equal("computed", await Cache(other).GetOrSetAsync("key", _ => Task.FromResult("computed"), token: Cancellation));
    }

    [Fact]
    public async Task Set_MoreThanMaxEntries_AnswersAllAndKeepsNoMoreThanThat()
    {
        await using var service = await StartAsync($"127.0.0.1:{LoopbackPort.Free()}", ("Cache:MaxEntries", "10"));

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i, await Cache(service).GetOrSetAsync($"key {i}", _ => Task.FromResult(i), token: Cancellation));
        }

        var kept = 0;
        for (var i = 0; i < 100; i++)
        {
            kept += (await Cache(service).TryGetAsync<int>($"key {i}", token: Cancellation)).HasValue ? 1 : 0;
        }

        Assert.InRange(kept, 1, 10);
    }

    [Fact]
    public async Task Start_InvalidLimit_NamesIt()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("127.0.0.1:1", ("Cache:MaxEntries", "0")));

        Assert.Contains("MaxEntries", exception.Message, StringComparison.Ordinal);
    }

    private sealed class HangingCache(Action asked) : IDistributedCache
    {
        public byte[]? Get(string key) => throw new NotSupportedException();

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            asked();
            return new TaskCompletionSource<byte[]?>().Task;
        }

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => throw new NotSupportedException();
    }

    private static IFusionCache Cache(TestService service) => service.Services.GetRequiredService<IFusionCache>();

    private static Task<TestService> StartAsync(string redis, params (string, string?)[] settings) =>
        StartAsync(typeof(CacheTests).Assembly, redis, settings);

    private static Task<TestService> StartAsync(Assembly release, string redis, params (string, string?)[] settings)
    {
        var builder = TestService.CreateBuilder([("ConnectionStrings:cache", redis), .. settings]);
        builder.AddRedisClient("cache");
        builder.AddCache(release);
        return TestService.StartAsync(builder);
    }
}
