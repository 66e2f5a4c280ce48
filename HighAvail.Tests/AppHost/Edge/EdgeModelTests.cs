using System.Text.Json.Nodes;
using HighAvail.AppHost.Edge;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting;

namespace HighAvail.Tests.AppHost.Edge;

/// <summary>What <c>--edge</c> changes in the description of the system.</summary>
public sealed class EdgeModelTests
{
    private static readonly string[] _fixedPorts = ["--DcpPublisher:RandomizePorts=false"];

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Describe_WithoutEdge_GatewayHasThePublicAddresses()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(_fixedPorts, Cancelled);

        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "edge");
        Assert.Equal([("http", 5080, true), ("https", 7443, true)], Endpoints(builder.Resources.Single(r => r.Name == "gateway")));
    }

    [Fact]
    public async Task Describe_WithHaproxy_EdgeHasThePublicAddressesAndTheGatewayOthers()
    {
        EdgeProcess.FindProgram();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(
            [.. _fixedPorts, "--edge", "haproxy"], Cancelled);

        var edge = Assert.IsType<ExecutableResource>(builder.Resources.Single(r => r.Name == "edge"));
        Assert.Equal([("http", 5080, false), ("https", 7443, false), ("statistics", null, false)], Endpoints(edge));
        Assert.Equal([("http", null, false), ("https", null, false)], Endpoints(builder.Resources.Single(r => r.Name == "gateway")));
        Assert.Contains(edge.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource.Name == "gateway");
    }

    [Fact]
    public async Task Publish_WithHaproxy_WritesWhatIsWrittenWithoutIt()
    {
        using var folder = new TemporaryFolder();
        var manifests = new List<string>();
        foreach (var edge in (string[][])[[], ["--edge", "haproxy"]])
        {
            // Both to the same place, because paths in a manifest are relative to it.
            var file = folder.File("manifest.json");
            using var host = await AppHostProcess.StartAsync(Cancelled, ["--publisher", "manifest", "--output-path", file, .. edge]);
            var output = await host.OutputAsync(Cancelled);
            Assert.True(host.ExitCode == 0, output);
            manifests.Add(await File.ReadAllTextAsync(file, Cancelled));
        }

        Assert.NotNull(JsonNode.Parse(manifests[0])!["resources"]!["gateway"]);
        Assert.Equal(manifests[0], manifests[1]);
    }

    [Fact]
    public async Task Start_WithNginx_SaysWhatIsPossibleAndExitsWithOne()
    {
        using var host = await AppHostProcess.StartAsync(Cancelled, "--edge", "nginx");

        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains("error: 'nginx' cannot be the edge; 'haproxy' can: --edge haproxy.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NotInstalled_SaysHowToInstallIt()
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<DistributedApplicationException>(() => HaproxyProgram.Find(["", folder.Path, folder.File("missing")]));

        Assert.Contains("sudo apt-get install haproxy", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_InOneOfTheFolders_IsFoundThere()
    {
        using var folder = new TemporaryFolder();
        var program = folder.Replace("haproxy", "");

        Assert.Equal(program, HaproxyProgram.Find(["/nonexistent", folder.Path]));
    }

    private static IEnumerable<(string, int?, bool)> Endpoints(IResource resource) => resource.Annotations.OfType<EndpointAnnotation>()
        .OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => (e.Name, e.Port, e.IsExternal));
}
