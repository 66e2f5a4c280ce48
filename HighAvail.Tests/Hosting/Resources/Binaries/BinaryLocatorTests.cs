using HighAvail.Hosting.Resources.Binaries;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Tests.Hosting.Resources.Binaries;

public sealed class BinaryLocatorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("highavail-").FullName;

    public BinaryLocatorTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task FindPostgresAsync_Configured_IsThatOne()
    {
        AddPostgres("usr/lib/postgresql/17/bin", "17.2");
        var configured = AddPostgres("home/me/pg/bin", "16.3");

        var found = await Locator(path: "", (BinaryLocator.PostgresKey, configured)).FindPostgresAsync(TestContext.Current.CancellationToken);

        Assert.Equal((configured, 16), (found.BinDirectory, found.MajorVersion));
    }

    [Fact]
    public async Task FindPostgresAsync_ConfiguredFolderIsWrong_NamesTheKey()
    {
        AddPostgres("usr/lib/postgresql/17/bin", "17.2");

        var message = await MessageOfPostgresAsync(path: "", (BinaryLocator.PostgresKey, "/nowhere"));

        Assert.Equal("HighAvail:Postgres:BinDirectory is '/nowhere', but there is no postgres in it.", message);
    }

    [Fact]
    public async Task FindPostgresAsync_LinkInPath_IsTheFolderItLeadsTo()
    {
        AddPostgres("usr/lib/postgresql/17/bin", "17.2");
        var target = AddPostgres("opt/pg/bin", "16.3");
        var path = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(path, "postgres"), Path.Combine(target, "postgres"));

        var found = await Locator(path).FindPostgresAsync(TestContext.Current.CancellationToken);

        Assert.Equal(target, found.BinDirectory);
    }

    [Fact]
    public async Task FindPostgresAsync_SeveralVersions_IsTheNewest()
    {
        AddPostgres("usr/lib/postgresql/9.6/bin", "9.6.1");
        AddPostgres("usr/lib/postgresql/15/bin", "15.18");
        var newest = AddPostgres("usr/lib/postgresql/18/bin", "18.1");

        var found = await Locator(path: "").FindPostgresAsync(TestContext.Current.CancellationToken);

        Assert.Equal((newest, 18), (found.BinDirectory, found.MajorVersion));
    }

    [Fact]
    public async Task FindPostgresAsync_OneInPathIsTooOld_GoesOn()
    {
        var old = AddPostgres("old", "13.2");
        var usual = AddPostgres("usr/lib/postgresql/15/bin", "15.18");

        var found = await Locator(path: old).FindPostgresAsync(TestContext.Current.CancellationToken);

        Assert.Equal(usual, found.BinDirectory);
    }

    [Fact]
    public async Task FindPostgresAsync_Nothing_NamesWhatWasTriedAndWhatHelps()
    {
        var old = AddPostgres("old", "13.2");
        var alone = AddPostgres("alone", "16.3");
        File.Delete(Path.Combine(alone, "initdb"));
        var tools = AddProgram("tools", "apt-get", "");

        var message = await MessageOfPostgresAsync($"{old}:{alone}:{tools}");

        Assert.Contains($"{old}: its version 13 is older than 15", message, StringComparison.Ordinal);
        Assert.Contains($"{alone}: there is no initdb beside its postgres", message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_root, "usr/lib/postgresql/*/bin"), message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql\n", message, StringComparison.Ordinal);
        Assert.Contains("HighAvail:Postgres:BinDirectory", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindPostgresAsync_InstalledLeftOut_TakesOnlyAConfiguredOne()
    {
        var usual = AddPostgres("usr/lib/postgresql/17/bin", "17.2");

        var message = await MessageOfPostgresAsync(path: usual, (BinaryLocator.InstalledKey, "false"));
        var found = await Locator("", (BinaryLocator.InstalledKey, "false"), (BinaryLocator.PostgresKey, usual)).FindPostgresAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("Postgres was not looked for in PATH and the usual places, because HighAvail:UseInstalledServers is false.", message, StringComparison.Ordinal);
        Assert.Equal(usual, found.BinDirectory);
    }

    [Fact]
    public void FindRedis_InstalledLeftOut_IsNotFound()
    {
        var usual = AddProgram("usr/bin", "redis-server", "");

        var refused = Assert.Throws<BinaryNotFoundException>(Locator(usual, (BinaryLocator.InstalledKey, "false")).FindRedis);

        Assert.Contains(BinaryLocator.InstalledKey, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindRedis_Configured_IsThatOne()
    {
        AddProgram("usr/bin", "redis-server", "");
        var configured = Path.Combine(AddProgram("mine", "my-redis", ""), "my-redis");

        Assert.Equal(configured, Locator(path: "", (BinaryLocator.RedisKey, configured)).FindRedis());
    }

    [Fact]
    public void FindRedis_ConfiguredFileIsMissing_NamesTheKey()
    {
        AddProgram("usr/bin", "redis-server", "");

        var refused = Assert.Throws<BinaryNotFoundException>(Locator(path: "", (BinaryLocator.RedisKey, "/nowhere")).FindRedis);

        Assert.Equal("HighAvail:Redis:Path is '/nowhere', but there is no such file.", refused.Message);
    }

    [Fact]
    public void FindRedis_FileInPathMayNotBeRun_IsTheNextOne()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There every file may be run.");
        AddProgram("usr/bin", "redis-server", "");
        var path = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;
        File.WriteAllText(Path.Combine(path, "redis-server"), "");

        Assert.Equal(Path.Combine(_root, "usr/bin/redis-server"), Locator(path).FindRedis());
    }

    [Fact]
    public void FindRedis_InPathAndInUsualPlace_IsTheOneInPath()
    {
        AddProgram("usr/bin", "redis-server", "");
        var path = AddProgram("bin", "redis-server", "");

        Assert.Equal(Path.Combine(path, "redis-server"), Locator(path).FindRedis());
    }

    [Fact]
    public void FindRedis_OnlyValkey_IsValkey()
    {
        var directory = AddProgram("usr/local/bin", "valkey-server", "");

        Assert.Equal(Path.Combine(directory, "valkey-server"), Locator(path: "").FindRedis());
    }

    [Fact]
    public void FindRedis_Nothing_NamesWhatWasTriedAndWhatHelps()
    {
        var tools = AddProgram("tools", "brew", "");

        var refused = Assert.Throws<BinaryNotFoundException>(Locator(tools).FindRedis);

        Assert.Contains(Path.Combine(_root, "usr/bin"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Install it with: brew install redis\n", refused.Message, StringComparison.Ordinal);
        Assert.Contains("HighAvail:Redis:Path", refused.Message, StringComparison.Ordinal);
    }

    private BinaryLocator Locator(string path, params (string Key, string Value)[] configuration) =>
        new(
            new ConfigurationBuilder().AddInMemoryCollection(configuration.ToDictionary(pair => pair.Key, string? (pair) => pair.Value)).Build(),
            new SearchScope(path, _root));

    private async Task<string> MessageOfPostgresAsync(string path, params (string Key, string Value)[] configuration) =>
        (await Assert.ThrowsAsync<BinaryNotFoundException>(
            () => Locator(path, configuration).FindPostgresAsync(TestContext.Current.CancellationToken))).Message;

    private string AddPostgres(string directory, string version)
    {
        AddProgram(directory, "initdb", "");
        return AddProgram(directory, "postgres", $"echo 'postgres (PostgreSQL) {version} (test)'");
    }

    private string AddProgram(string directory, string name, string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, directory)).FullName;
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
