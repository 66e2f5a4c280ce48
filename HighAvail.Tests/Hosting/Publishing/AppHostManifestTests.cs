using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.Hosting.Publishing;

/// <summary>What the app host of this repository publishes, started as azd starts it.</summary>
public sealed class AppHostManifestTests
{
    private static readonly string[] _service = ["http", "https"];

    [Fact]
    public async Task Publish_OfOurAppHost_DescribesTheWholeSystem()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await RunAsync(folder, "--publisher", "manifest", "--output-path", folder.File("manifest.json"));

        Assert.True(exitCode == 0, output);
        var resources = await ReadAsync(folder.File("manifest.json"));
        foreach (var (name, type) in (Dictionary<string, string>)new()
        {
            ["postgres"] = "container.v0",
            ["cache"] = "container.v0",
            ["usersdb"] = "value.v0",
            ["ordersdb"] = "value.v0",
            ["users"] = "project.v0",
            ["orders"] = "project.v0",
            ["gateway"] = "project.v0",
            ["postgres-password"] = "parameter.v0",
            ["cache-password"] = "parameter.v0",
            ["admin-email"] = "parameter.v0",
            ["admin-password"] = "parameter.v0",
            ["postgres-password-uri-encoded"] = "annotated.string",
        })
        {
            Assert.Equal(type, (string?)resources[name]?["type"]);
        }

        Assert.Equal("{admin-email.value}", (string?)resources["users"]!["env"]!["Administrator__Email"]);
        Assert.Equal("{admin-password.value}", (string?)resources["users"]!["env"]!["Administrator__Password"]);
        Assert.Equal(true, (bool?)resources["admin-password"]!["inputs"]!["value"]!["secret"]);
        Assert.Equal("admin@example.com", (string?)resources["admin-email"]!["inputs"]!["value"]!["default"]!["value"]);
        Assert.Equal("{postgres.connectionString};Database=ordersdb", (string?)resources["ordersdb"]!["connectionString"]);
        Assert.Equal("{ordersdb.connectionString}", (string?)resources["orders"]!["env"]!["ConnectionStrings__ordersdb"]);
        Assert.Equal("{cache.connectionString}", (string?)resources["users"]!["env"]!["ConnectionStrings__cache"]);
        Assert.Equal("{users.bindings.https.url}", (string?)resources["gateway"]!["env"]!["services__users__https__0"]);
        Assert.Equal("/var/lib/postgresql", (string?)Assert.Single(resources["postgres"]!["volumes"]!.AsArray())!["target"]);
        foreach (var project in (string[])["users", "orders", "gateway"])
        {
            var bindings = resources[project]!["bindings"]!.AsObject();
            Assert.Equal(_service, bindings.Select(b => b.Key));
            Assert.All(bindings, b => Assert.Equal(project == "gateway" ? true : null, (bool?)b.Value!["external"]));
            var path = Path.GetFullPath((string)resources[project]!["path"]!, folder.Path);
            Assert.True(File.Exists(path), path);
        }
    }

    [Fact]
    public async Task Publish_OfOurAppHost_RefersOnlyToWhatIsThere()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await RunAsync(folder, "--publisher", "manifest", "--output-path", folder.Path);

        Assert.True(exitCode == 0, output);
        Assert.Empty(ManifestReferences.Unresolved(await ReadAsync(folder.File("aspire-manifest.json"))));
    }

    [Fact]
    public async Task Publish_ByPublisherAndByStep_WritesTheSameBytesAndNoState()
    {
        using var folder = new TemporaryFolder();

        var (byPublisher, first) = await RunAsync(folder, "--publisher", "manifest", "--output-path", folder.File("a.json"));
        var (byStep, second) = await RunAsync(
            folder, "--operation", "publish", "--step", "publish-manifest", "--output-path", folder.File("b.json"));

        Assert.True(byPublisher == 0, first);
        Assert.True(byStep == 0, second);
        var cancelled = TestContext.Current.CancellationToken;
        Assert.Equal(await File.ReadAllBytesAsync(folder.File("a.json"), cancelled), await File.ReadAllBytesAsync(folder.File("b.json"), cancelled));
        Assert.False(Directory.Exists(folder.File("state")));
    }

    [Fact]
    public async Task Publish_WithAnUnknownStep_ExitsWithOne()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output) = await RunAsync(folder, "--operation", "publish", "--step", "publish-moon", "--output-path", folder.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("Step 'publish-moon' not found in pipeline. Available steps: 'publish-manifest'", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task<JsonObject> ReadAsync(string path) =>
        JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["resources"]!.AsObject();

    private static async Task<(int ExitCode, string Output)> RunAsync(TemporaryFolder folder, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(Projects.HighAvail_AppHost).Assembly.Location);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["HighAvail__StateDirectory"] = folder.File("state");
        using var process = Process.Start(start)!;
        var cancelled = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var error = process.StandardError.ReadToEndAsync(cancelled);
        try
        {
            await process.WaitForExitAsync(cancelled);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return (process.ExitCode, await output + await error);
    }
}
