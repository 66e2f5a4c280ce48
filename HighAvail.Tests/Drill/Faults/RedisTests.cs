using HighAvail.Drill;
using HighAvail.Drill.Faults;
using StackExchange.Redis;

namespace HighAvail.Tests.Drill.Faults;

public class RedisTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Empty_WithThePassword_DeletesEverything()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},abortConnect=false,allowAdmin=true");
        await Eventually.TrueAsync(() => client.IsConnected);
        var port = int.Parse(server.ConnectionString.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        await client.GetServers()[0].ConfigSetAsync("requirepass", "s3cret");
        await client.GetDatabase().StringSetAsync("kept", "no");

        await Redis.EmptyAsync(port, "s3cret", Cancelled);

        Assert.Equal(0, await client.GetServers()[0].DatabaseSizeAsync());
        var refused = await Assert.ThrowsAsync<DrillException>(() => Redis.EmptyAsync(port, "wrong", Cancelled));
        Assert.Contains("WRONGPASS", refused.Message, StringComparison.Ordinal);
        await server.KillAsync();
        await Assert.ThrowsAsync<DrillException>(() => Redis.EmptyAsync(port, "s3cret", Cancelled));
    }
}
