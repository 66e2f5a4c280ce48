using HighAvail.Hosting.Resources.Redis;
using StackExchange.Redis;

namespace HighAvail.Tests.Hosting.Resources.Redis;

public class RedisInstanceTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PrepareAsync_FreshFolder_ServesWhoeverHasThePassword()
    {
        var settings = servers.RedisSettings();
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), settings);
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        Assert.True(await instance.IsReadyAsync(port, Cancellation));
        Assert.False(await new RedisInstance(new RedisProgram(NativeServers.FindRedis()), settings with { Password = "wrong" }).IsReadyAsync(port, Cancellation));
        await using var client = await ConnectAsync(port);
        Assert.True(await client.GetDatabase().PingAsync() > TimeSpan.Zero);
    }

    [Fact]
    public async Task PrepareAsync_NoPassword_ServesWhoeverComes()
    {
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), servers.RedisSettings() with { Password = null });
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        await using var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        Assert.True(await client.GetDatabase().PingAsync() > TimeSpan.Zero);
    }

    [Fact]
    public async Task CreateSpec_Started_ListensOnLoopbackAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The list of sockets is read from /proc.");
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), servers.RedisSettings());
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        var (onLoopback, elsewhere) = ListeningSockets.Of(port);

        Assert.True(onLoopback);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task PrepareAsync_Configuration_IsReadableByTheServerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes.");
        var settings = servers.RedisSettings();
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), settings);

        await instance.PrepareAsync(Cancellation);

        var arguments = instance.CreateSpec(6379).Arguments;
        Assert.DoesNotContain(settings.Password!, string.Join(' ', arguments), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(arguments[0]).UnixFileMode);
    }

    [Fact]
    public async Task PrepareAsync_AfterAKill_HealsAndKeepsWhatWasAcknowledged()
    {
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), servers.RedisSettings());
        var port = LoopbackPort.Free();
        await using (var first = await StartAsync(instance, port))
        {
            await using var client = await ConnectAsync(port);
            await client.GetDatabase().StringSetAsync("kept", 42);
            await first.KillAsync();
            Assert.False(await instance.IsReadyAsync(port, Cancellation));
        }

        await using var second = await StartAsync(instance, port);

        await using var again = await ConnectAsync(port);
        Assert.Equal(42, (int)await again.GetDatabase().StringGetAsync("kept"));
    }

    [Fact]
    public async Task CreateSpec_StopSignal_EndsTheServer()
    {
        var instance = new RedisInstance(new RedisProgram(NativeServers.FindRedis()), servers.RedisSettings());
        var port = LoopbackPort.Free();
        await using var server = await StartAsync(instance, port);

        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task<TestProcess> StartAsync(RedisInstance instance, int port)
    {
        await instance.PrepareAsync(Cancellation);
        var server = await TestProcess.StartAsync(instance.CreateSpec(port));
        await server.WaitUntilAsync(cancellation => instance.IsReadyAsync(port, cancellation));
        return server;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(int port) =>
        await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", port } },
            Password = servers.RedisSettings().Password,
        });
}
