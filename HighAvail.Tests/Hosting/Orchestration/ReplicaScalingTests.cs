using System.Net;
using System.Net.Http.Json;
using System.Text;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using HighAvail.Tests.Hosting.Control;
using static System.StringComparison;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>More and fewer replicas of real processes, whose builds are scripts.</summary>
public sealed class ReplicaScalingTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Scale_UpAndDown_IsSeenByEverybody()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddScript("web", ScriptProject.Server("first")).WithReplicas(2));
        var before = await ReadyAsync(host, 2);
        await using var record = new ReadyRecord(host, "web");

        Assert.Equal((0, "web scaled to 4.\n", string.Empty), await host.CommandAsync("scale", "web", "4"));

        var more = await ReadyAsync(host, 4);
        Assert.Equal(["web-0", "web-1", "web-2", "web-3"], more.Replicas.Select(r => r.Name));
        Assert.Equal(before.Replicas, more.Replicas.Take(2), (a, b) => a.ProcessId == b.ProcessId);
        Assert.Matches(@"(?m)^  web-3 +Running +Healthy +\d+", (await host.CommandAsync("ps")).Output);
        await Eventually.TrueAsync(async () => (await host.CommandAsync("logs", "web-3")).Output == "first\n");
        await Eventually.TrueAsync(() => record.Listed.LastOrDefault() == 4);

        // What crashed is kept up like the others.
        await host.CommandAsync("kill", "web-3");
        await host.UntilAsync("web", r => r is { Health: "Healthy", Replicas: [_, _, _, { Restarts: 1 }] });

        Assert.Equal((0, "web scaled to 1.\n", string.Empty), await host.CommandAsync("scale", "web", "1"));

        var fewer = await host.ResourceAsync("web");
        Assert.Equal(before.Replicas[0].ProcessId, Assert.Single(fewer.Replicas).ProcessId);
        Assert.Equal("Healthy", fewer.Health);
        Assert.DoesNotContain("web-1", (await host.CommandAsync("ps")).Output, Ordinal);
        Assert.Contains("There is no resource or replica 'web-3'.", (await host.CommandAsync("logs", "web-3")).Error, Ordinal);
        await Eventually.TrueAsync(() => record.Listed.LastOrDefault() == 1);
        Assert.Equal((0, "web scaled to 1.\n", string.Empty), await host.CommandAsync("scale", "web", "1"));

        // The numbers are used again.
        Assert.Equal(0, (await host.CommandAsync("scale", "web", "2")).ExitCode);
        Assert.Equal(["web-0", "web-1"], (await ReadyAsync(host, 2)).Replicas.Select(r => r.Name));
    }

    [Fact]
    public async Task Scale_NewReplicasDoNotBecomeReady_AsManyAsBeforeAreLeftAndTheMessageSaysWhy()
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            var few = Path.Combine(b.AppHostDirectory, "few");
            b.AddScript("web", $"mkdir {few}-1 || mkdir {few}-2 || {{ echo 'Postgres has too few connections'; exit 1; }} 2>/dev/null; exec sleep 600").WithReplicas(2);
        });
        var before = await ReadyAsync(host, 2);
        await Eventually.TrueAsync(() => Directory.GetDirectories(host.Directories.AppHost, "few-*").Length == 2);

        var (exitCode, output, error) = await host.CommandAsync("scale", "web", "4");

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.StartsWith("error: 'web' stays at 2. 'web-", error, Ordinal);
        Assert.Contains("did not become ready: exited with code 1. Its log is ", error, Ordinal);
        Assert.Contains("  Postgres has too few connections", error, Ordinal);
        var after = await host.ResourceAsync("web");
        Assert.Equal(before.Replicas.Select(r => (r.Name, r.ProcessId)), after.Replicas.Select(r => (r.Name, r.ProcessId)));
        Assert.Equal("Healthy", after.Health);
    }

    [Fact]
    public async Task Scale_AfterANewBuild_StartsTheOneThatTheOthersRun()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddScript("web", ScriptProject.Server("first")));
        await ReadyAsync(host, 1);
        ScriptProject.Build(host.Directories.AppHost, "web", ScriptProject.Server("second"));

        await host.CommandAsync("scale", "web", "2");

        await Eventually.TrueAsync(async () => (await host.CommandAsync("logs", "web-1")).Output == "first\n");
    }

    [Fact]
    public async Task Scale_EnvironmentThatDependsOnTheNumber_IsThatOfTheNewOne()
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            var web = b.AddScript("web", "echo $REPLICAS; exec sleep 600");
            web.WithEnvironment(context => context.EnvironmentVariables["REPLICAS"] = $"of {web.Resource.GetReplicaCount()}");
        });
        await ReadyAsync(host, 1);

        await host.CommandAsync("scale", "web", "3");

        await Eventually.TrueAsync(async () => (await host.CommandAsync("logs", "web-2")).Output == "of 3\n");
    }

    [Fact]
    public async Task Scale_WhileTheLogIsFollowed_TheNewReplicaIsInIt()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddScript("web", ScriptProject.Server("first")));
        await ReadyAsync(host, 1);
        using var response = await host.Http.GetAsync("api/resources/web/logs?follow", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
        Assert.Equal("web-0 | first", await reader.ReadLineAsync(Cancelled));

        await host.CommandAsync("scale", "web", "2");
        Assert.Equal("web-1 | first", await reader.ReadLineAsync(Cancelled));

        await host.CommandAsync("scale", "web", "1");
        using var later = await host.Http.GetAsync("api/resources/web/logs?follow&tail=0", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await host.CommandAsync("kill", "web-0");
        using var laterReader = new StreamReader(await later.Content.ReadAsStreamAsync(Cancelled));
        Assert.Equal("web-0 | first", await laterReader.ReadLineAsync(Cancelled));
        await host.CommandAsync("scale", "web", "2");
        Assert.Equal("web-1 | first", await laterReader.ReadLineAsync(Cancelled));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("17")]
    [InlineData("2147483648")]
    [InlineData("three")]
    [InlineData("2.5")]
    public async Task Scale_ToWhatIsNoNumberOfReplicas_SaysWhatIs(string replicas)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddScript("web", ScriptProject.Server("first")));
        await ReadyAsync(host, 1);

        var (exitCode, output, error) = await host.CommandAsync("scale", "web", replicas);

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.StartsWith("error: 'scale' takes replicas: a number from 1 to 16, not ", error, Ordinal);
        Assert.Contains(replicas, error, Ordinal);
        Assert.Single((await host.ResourceAsync("web")).Replicas);
    }

    [Theory]
    [InlineData("web", "", HttpStatusCode.BadRequest, "'scale' takes replicas: a number from 1 to 16.")]
    [InlineData("web", "{}", HttpStatusCode.BadRequest, "'scale' takes replicas: a number from 1 to 16.")]
    [InlineData("web", """{"replicas": null}""", HttpStatusCode.BadRequest, "not null")]
    [InlineData("web", """{"replicas": "2"}""", HttpStatusCode.BadRequest, "not \"2\"")]
    [InlineData("web", """{"replicas": 2, "force": true}""", HttpStatusCode.BadRequest, "takes no argument 'force'")]
    [InlineData("web-0", """{"replicas": 2}""", HttpStatusCode.Conflict, "'web-0' is one replica: scale is for all of 'web'.")]
    [InlineData("server", """{"replicas": 2}""", HttpStatusCode.Conflict, "'server' runs as one process: only projects can have several.")]
    [InlineData("fixed", """{"replicas": 2}""", HttpStatusCode.Conflict, "it listens on its stable address itself (endpoint 'http')")]
    [InlineData("stopped", """{"replicas": 2}""", HttpStatusCode.Conflict, "it is Exited. First start it: start stopped")]
    [InlineData("key", """{"replicas": 2}""", HttpStatusCode.NotFound, "it has no process. See it: describe key")]
    public async Task Scale_OfWhatCannotBeScaled_SaysWhy(string name, string body, HttpStatusCode status, string detail)
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            b.AddScript("web", ScriptProject.Server("first"));
            b.AddServer("server");
            b.AddScript("fixed", ScriptProject.Server("first")).WithEndpoint("http", e => e.IsProxied = false);
            b.AddScript("stopped", ScriptProject.Server("first"));
            b.AddParameter("key", "value");
        });
        await ReadyAsync(host, 1);
        await host.UntilAsync("stopped", r => r.Health == "Healthy");
        await host.CommandAsync("stop", "stopped");

        using var response = await host.Http.PostAsync(
            $"api/resources/{name}/commands/scale", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);

        Assert.Equal(status, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync(ControlJson.Default.ControlProblem, Cancelled);
        Assert.Contains(detail, problem!.Detail, Ordinal);
    }

    private static Task<ResourceView> ReadyAsync(RunningHost host, int replicas) =>
        host.UntilAsync("web", r => r.Replicas.Count == replicas && r.Replicas.All(p => p.Health == "Healthy"));
}
