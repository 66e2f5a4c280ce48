using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Postgres;

namespace HighAvail.Tests.Hosting.Resources.Postgres;

public class PostgresTemplateTests(NativeServers servers) : IClassFixture<NativeServers>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_SecondTime_RunsNoInitDb()
    {
        var template = await CreateAsync(servers.Folders.Cache);
        var folder = await template.GetAsync(Cancellation);
        var made = File.GetLastWriteTimeUtc(Path.Combine(folder, "PG_VERSION"));

        Assert.Equal(folder, await template.GetAsync(Cancellation));
        Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(folder, "PG_VERSION")));
    }

    [Fact]
    public async Task GetAsync_TwoHostsRace_BothUseTheOneThatIsComplete()
    {
        var cache = servers.NewFolder();
        PostgresTemplate[] racers = [await CreateAsync(cache), await CreateAsync(cache)];

        var folders = await Task.WhenAll(racers.Select(racer => racer.GetAsync(Cancellation)));

        Assert.Equal([folders[0]], folders.Distinct());
        Assert.Equal([folders[0]], Directory.EnumerateDirectories(cache));
        Assert.True(File.Exists(Path.Combine(folders[0], "global", "pg_control")));
    }

    [Fact]
    public async Task GetAsync_OneWasLeftHalfMade_IsNotUsedAndOnlyRemovedWhenOld()
    {
        var cache = servers.NewFolder();
        var complete = await (await CreateAsync(servers.Folders.Cache)).GetAsync(Cancellation);
        var folder = Path.Combine(cache, Path.GetFileName(complete));
        var old = Directory.CreateDirectory(folder + ".old").FullName;
        var young = Directory.CreateDirectory(folder + ".young").FullName;
        Directory.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));

        await (await CreateAsync(cache)).GetAsync(Cancellation);

        Assert.True(File.Exists(Path.Combine(folder, "global", "pg_control")));
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public async Task GetAsync_OtherSettings_IsAnotherTemplate()
    {
        Assert.NotEqual(
            await (await CreateAsync(servers.Folders.Cache)).GetAsync(Cancellation),
            await (await CreateAsync(servers.Folders.Cache, "somebody")).GetAsync(Cancellation));
    }

    private static async Task<PostgresTemplate> CreateAsync(string cache, string userName = "postgres") =>
        new(await NativeServers.FindPostgresAsync(), userName, SystemUser.ForServer("postgres", "nobody"), cache);
}
