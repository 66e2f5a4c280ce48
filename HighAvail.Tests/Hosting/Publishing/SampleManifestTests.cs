
namespace HighAvail.Tests.Hosting.Publishing;

/// <summary>A small app host, and what real Aspire makes of it.</summary>
public sealed class SampleManifestTests
{
    [Fact]
    public async Task Publish_OfTheSampleAppHost_EqualsWhatAspireWrites()
    {
        var sample = Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "aspire", "sample-manifest.json"));
        Assert.SkipUnless(
            File.Exists(sample) || Environment.GetEnvironmentVariable("CI") is not null, $"The sample is not on this machine: {sample}");
        using var folder = new TemporaryFolder();
        Manifests.Project(folder.File("sample"), "Orders.Api", "http://localhost:5301");
        Manifests.Project(folder.File("sample"), "Storefront", "https://localhost:7302;http://localhost:5302");
        Directory.CreateDirectory(folder.File("out"));
        var builder = Manifests.Publishing(folder.File("sample"));
        var ordersDb = builder.AddPostgres("postgres").AddDatabase("ordersdb");
        var cache = builder.AddRedis("cache");
        var orders = builder.AddProject("orders-api", "Orders.Api/Orders.Api.csproj")
            .WithReplicas(2)
            .WithReference(ordersDb)
            .WithReference(cache)
            .WaitFor(ordersDb)
            .WaitFor(cache)
            .WithHttpHealthCheck("/health");
        builder.AddProject("storefront", "Storefront/Storefront.csproj")
            .WithExternalHttpEndpoints()
            .WithReference(orders)
            .WithReference(cache)
            .WaitFor(orders)
            .WithHttpHealthCheck("/health");

        await Manifests.OfAsync(builder, folder.File("out"));

        var cancelled = TestContext.Current.CancellationToken;
        Assert.Equal(
            (await File.ReadAllTextAsync(sample, cancelled)).TrimEnd(),
            await File.ReadAllTextAsync(Path.Combine(folder.File("out"), "manifest.json"), cancelled));
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HighAvail.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder;
    }
}
