using System.Net;
using HighAvail.Tests.Hosting.Control;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>A rolling restart of a real service with a real health check, asked all the time through its stable address.</summary>
public sealed class GatewayRollTests
{
    private static readonly string _project = Path.GetFullPath(Path.Combine(Projects.HighAvail_AppHost.ProjectPath, "..", "HighAvail.Gateway", "HighAvail.Gateway.csproj"));

    [Fact]
    public async Task Roll_OfGatewaysUnderLoad_EveryRequestIsAnswered()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddProject("gateway", _project).WithReplicas(2).WithHttpHealthCheck("/health"));
        var before = await host.UntilAsync("gateway", r => r.Replicas.Count(p => p.Health == "Healthy") == 2);
        await using var record = new ReadyRecord(host, "gateway");
        using var client = host.Application.CreateHttpClient("gateway", "https");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Patience.Token);
        var load = Enumerable.Range(0, 4).Select(_ => AskAsync(client, done.Token)).ToArray();

        var (exitCode, _, error) = await host.CommandAsync("rolling-restart", "gateway");

        await done.CancelAsync();
        Assert.Equal((0, string.Empty), (exitCode, error));
        var answers = await Task.WhenAll(load);
        Assert.All(answers, count => Assert.InRange(count, 10, int.MaxValue));
        await record.AssertNeverFewerAsync(2);
        var after = await host.ResourceAsync("gateway");
        Assert.Equal(["gateway-0", "gateway-1"], after.Replicas.Select(r => r.Name));
        Assert.Empty(before.Replicas.Select(r => r.ProcessId).Intersect(after.Replicas.Select(r => r.ProcessId)));
    }

    /// <summary>Asks for what no service has, which the gateway answers by itself; returns how often it was answered.</summary>
    private static async Task<int> AskAsync(HttpClient client, CancellationToken done)
    {
        for (var count = 0; ; count++)
        {
            if (done.IsCancellationRequested)
            {
                return count;
            }

            using var response = await client.GetAsync("/nothing", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
