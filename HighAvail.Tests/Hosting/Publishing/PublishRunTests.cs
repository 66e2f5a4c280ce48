using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Tests.Hosting.Publishing;

public sealed class PublishRunTests
{
    [Theory]
    [InlineData("There is no publisher 'azure'. Known publishers: 'manifest'.", "--publisher", "azure", "--output-path", "out")]
    [InlineData("There is no publisher '--output-path'. Known publishers: 'manifest'.", "--publisher", "--output-path")]
    [InlineData("There is no operation 'deploy'. Known operations: 'run', 'publish'.", "--operation", "deploy", "--output-path", "out")]
    [InlineData("Step 'build' not found in pipeline. Available steps: 'publish-manifest'.", "--operation", "publish", "--step", "build", "--output-path", "out")]
    [InlineData("The option '--step [name]' says what to publish. Known steps: 'publish-manifest'.", "--operation", "publish", "--output-path", "out")]
    [InlineData("The '--output-path [path]' option was not specified", "--publisher", "manifest")]
    [InlineData("The '--output-path [path]' option was not specified", "--operation", "publish", "--step", "publish-manifest", "--output-path")]
    public async Task Run_WithBadArguments_SaysWhatIsWrongAndWritesNothing(string message, params string[] args)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, error) = await RunAsync(Manifests.Builder(folder.Path, args));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("error: " + message, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Run_WithAnOutputPathThatCannotBeWritten_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("file"), "not a folder", TestContext.Current.CancellationToken);
        var path = Path.Combine(folder.File("file"), "manifest.json");

        var (exitCode, error) = await RunAsync(Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", path));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"error: The manifest cannot be written to {path}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IntoAFileThatIsAFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = Directory.CreateDirectory(folder.File("manifest.json")).FullName;

        var (exitCode, error) = await RunAsync(Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", path));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"error: The manifest cannot be written to {path}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IntoAFolderThatIsNotThereYet_CreatesIt()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, error) = await RunAsync(Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", folder.File("a/b")));

        Assert.True(exitCode == 0, error);
        Assert.Equal("{\n  \"resources\": {}\n}", await File.ReadAllTextAsync(folder.File("a/b/aspire-manifest.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_WithAModelThatCannotBePublished_LeavesTheOldManifest()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("manifest.json"), "old", TestContext.Current.CancellationToken);
        var builder = Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", folder.File("manifest.json"));
        builder.AddResource(new ContainerResource("nameless"));

        var (exitCode, error) = await RunAsync(builder);

        Assert.Equal(1, exitCode);
        Assert.Contains("Could not get the container image name for resource 'nameless'.", error, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(folder.File("manifest.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_BeforeItWrites_LetsSubscribersCompleteTheModel()
    {
        using var folder = new TemporaryFolder();
        var builder = Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", folder.File("manifest.json"));
        var container = builder.AddContainer("web", "nginx");
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            container.WithImageTag("1.27");
            return Task.CompletedTask;
        });

        var (exitCode, error) = await RunAsync(builder);

        Assert.True(exitCode == 0, error);
        Assert.Contains("nginx:1.27", await File.ReadAllTextAsync(folder.File("manifest.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfAPublishingAppHost_PublishesAndAllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        var builder = Manifests.Builder(folder.Path, "--publisher", "manifest", "--output-path", folder.File("manifest.json"));
        var cache = builder.AddRedis("cache");
        await using var application = builder.Build();

        await application.StartAsync(TestContext.Current.CancellationToken);

        Assert.False(cache.Resource.PrimaryEndpoint.IsAllocated);
        Assert.Equal([folder.File("manifest.json")], Directory.GetFileSystemEntries(folder.Path));
        Assert.True(application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Theory]
    [InlineData(DistributedApplicationOperation.Run)]
    [InlineData(DistributedApplicationOperation.Run, "--operation", "run")]
    [InlineData(DistributedApplicationOperation.Publish, "--operation", "publish")]
    [InlineData(DistributedApplicationOperation.Publish, "--publisher", "manifest")]
    [InlineData(DistributedApplicationOperation.Publish, "--operation", "nonsense")]
    public void Operation_ByArguments_RunsOnlyWhenNothingElseIsAsked(DistributedApplicationOperation operation, params string[] args)
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(operation, Manifests.Builder(folder.Path, args).ExecutionContext.Operation);
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(DistributedApplicationBuilder builder)
    {
        await using var application = builder.Build();
        await using var error = new StringWriter();
        var exitCode = await PublishRun.RunAsync(application.Services, TextWriter.Null, error, TestContext.Current.CancellationToken);
        return (exitCode, error.ToString());
    }
}
