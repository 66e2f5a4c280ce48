using System.Net;
using System.Net.Http.Json;
using System.Text;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Tests.Hosting.Control;

public class ControlApiTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Request_WithoutTheKey_IsRefused(string? key)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        using var http = new HttpClient { BaseAddress = host.Http.BaseAddress };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
        }

        using var list = await http.GetAsync("api/resources", TestContext.Current.CancellationToken);
        using var stop = await http.PostAsync("api/stop", null, TestContext.Current.CancellationToken);

        await AssertProblemAsync(list, HttpStatusCode.Unauthorized, "X-Api-Key");
        await AssertProblemAsync(stop, HttpStatusCode.Unauthorized, "X-Api-Key");
        Assert.False(host.Application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Request_UnderAnotherHostName_IsRefused()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/resources");
        request.Headers.Host = "rebound.example";

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "Host");
    }

    [Fact]
    public async Task Resources_OfARunningModel_SayEverythingWithoutSecrets()
    {
        await using var host = await RunningHost.StartAsync(TestModels.ServerAndClient);
        await host.UntilAsync("client", r => r.Health == "Healthy");

        var text = await host.Http.GetStringAsync("api/resources", TestContext.Current.CancellationToken);
        var resources = System.Text.Json.JsonSerializer.Deserialize(text, ControlJson.Default.ListResourceView)!;

        Assert.Equal(["password", "server", "client"], resources.Select(r => r.Name));
        var client = resources[2];
        Assert.Equal(("Executable", "Running"), (client.Type, client.State));
        Assert.StartsWith("http://localhost:", Assert.Single(client.Endpoints).Url, StringComparison.Ordinal);
        Assert.Equal(["server"], client.WaitsFor);
        Assert.Equal(["start", "stop", "restart", "kill", "pause", "resume"], client.Commands.Select(c => c.Name));
        Assert.Equal([false, true, true, true, true, false], client.Commands.Select(c => c.IsEnabled));
        var replica = Assert.Single(client.Replicas);
        Assert.Equal(("client", "Running", "Healthy", 0), (replica.Name, replica.State, replica.Health, replica.Restarts));
        Assert.True(replica.ProcessId > 0);
        Assert.InRange(replica.StartedAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.Empty(resources[0].Replicas);

        Assert.Equal(SecretMask.Mask, client.Environment["PASSWORD"]);
        Assert.Matches(@"^redis://:\*\*\*\*\*\*@localhost:\d+$", client.Environment["URI"]);
        Assert.Equal("Host=x;Password=******;Database=y", client.Environment["CONNECTION"]);
        Assert.DoesNotContain("PATH", client.Environment.Keys);
        Assert.DoesNotContain("s3cr", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resource_AskedForItsSecrets_SaysThem()
    {
        await using var host = await RunningHost.StartAsync(TestModels.ServerAndClient);
        await host.UntilAsync("client", r => r.Health == "Healthy");

        var client = (await host.Http.GetFromJsonAsync("api/resources/client?secrets=true", ControlJson.Default.ResourceView, TestContext.Current.CancellationToken))!;

        Assert.Equal(TestModels.Secret, client.Environment["PASSWORD"]);
    }

    [Fact]
    public async Task Processes_OfARunningModel_SayWhatTheyUseWithTheirChildren()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server", "sh -c 'while :; do :; done' & wait"));
        var server = await host.UntilAsync("server", r => r.Health == "Healthy");

        IReadOnlyList<ProcessView> processes = [];
        await Eventually.TrueAsync(async () =>
        {
            processes = (await host.Http.GetFromJsonAsync("api/processes", ControlJson.Default.ListProcessView, TestContext.Current.CancellationToken))!;
            return processes is [{ CpuSeconds: > 0.1 }];
        });

        var process = Assert.Single(processes);
        Assert.Equal(("server", server.Replicas[0].ProcessId!.Value), (process.Replica, process.ProcessId));
        Assert.InRange(process.MemoryBytes, 100_000, 100_000_000);
    }

    [Theory]
    [InlineData("api/resources/servr", "Did you mean 'server'?")]
    [InlineData("api/resources/..%2F..%2Fsecrets.json/logs", "'../../secrets.json'")]
    [InlineData("api/resources/%0A/logs", "no resource")]
    [InlineData("api/resources/server/logs?tail=-1", "tail")]
    [InlineData("api/resources/server/logs?follow=perhaps", "follow")]
    [InlineData("api/events?follow=perhaps", "follow")]
    [InlineData("api/resources/server?secrets=perhaps", "secrets")]
    [InlineData("api/nothing", "not offered")]
    public async Task Get_OfWhatIsNotThere_SaysWhat(string path, string detail)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));

        using var response = await host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, path.Contains('?', StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, detail);
    }

    [Theory]
    [InlineData("server", "kil", "", HttpStatusCode.NotFound, "Did you mean 'kill'")]
    [InlineData("server", "start", "", HttpStatusCode.Conflict, "is Running")]
    [InlineData("server", "resume", "", HttpStatusCode.Conflict, "is Running")]
    [InlineData("server", "kill", "{", HttpStatusCode.BadRequest, "not valid JSON")]
    [InlineData("server", "kill", "[1]", HttpStatusCode.BadRequest, "JSON object")]
    [InlineData("server", "kill", """{"signal": 9}""", HttpStatusCode.BadRequest, "'signal'")]
    [InlineData("server", "fail", "", HttpStatusCode.InternalServerError, "no luck")]
    [InlineData("nobody", "kill", "", HttpStatusCode.NotFound, "'nobody'")]
    public async Task Command_ThatCannotBeDone_SaysWhyAndDoesNothing(string name, string command, string body, HttpStatusCode status, string detail)
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server").WithAnnotation(new ResourceCommandAnnotation(
            "fail", "Fail", _ => ResourceCommandState.Enabled, _ => throw new InvalidOperationException("no luck"))));
        var before = await host.UntilAsync("server", r => r.Health == "Healthy");

        using var response = await host.Http.PostAsync(
            $"api/resources/{name}/commands/{command}", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, status, detail);
        Assert.Equal(before.Replicas[0].ProcessId, (await host.ResourceAsync("server")).Replicas[0].ProcessId);
    }

    [Fact]
    public async Task Pause_OfARunningServer_IsShownAndUndone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var before = await host.UntilAsync("server", r => r.Health == "Healthy");

        await PostAsync("pause", HttpStatusCode.OK);

        await host.UntilAsync("server", r => r is { State: "Paused", Replicas: [{ State: "Paused" }] });
        await PostAsync("pause", HttpStatusCode.Conflict);
        await PostAsync("start", HttpStatusCode.Conflict);
        await PostAsync("resume", HttpStatusCode.OK);
        var after = await host.UntilAsync("server", r => r.State == "Running");
        Assert.Equal(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
        await PostAsync("pause", HttpStatusCode.OK);
        await PostAsync("stop", HttpStatusCode.OK);
        Assert.Equal("Exited", (await host.ResourceAsync("server")).State);

        async Task PostAsync(string command, HttpStatusCode expected)
        {
            using var response = await host.Http.PostAsync($"api/resources/server/commands/{command}", null, TestContext.Current.CancellationToken);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task Command_WithABodyThatIsTooLarge_IsRefused()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");

        using var response = await host.Http.PostAsync(
            "api/resources/server/commands/kill", new StringContent(new string(' ', 100_000)), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Watch_WhileAReplicaIsKilled_ShowsItsStatesInOrder()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var running = await host.UntilAsync("server", r => r.Health == "Healthy");
        var states = new List<string>();

        await foreach (var (name, data) in host.EventsAsync("api/resources/watch"))
        {
            if (name == "resources")
            {
                Assert.Equal("server", Assert.Single(data.EnumerateArray()).GetProperty("name").GetString());
                using var killed = await host.Http.PostAsync("api/resources/SERVER/commands/kill", null, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, killed.StatusCode);
                continue;
            }

            var replica = Assert.Single(data.GetProperty("replicas").EnumerateArray());
            states.Add(replica.GetProperty("state").GetString()!);
            if (replica.GetProperty("restarts").GetInt32() == 1 && replica.GetProperty("health").GetString() == "Healthy")
            {
                Assert.NotEqual(running.Replicas[0].ProcessId, replica.GetProperty("processId").GetInt32());
                break;
            }
        }

        Assert.Equal(["Restarting", "Starting", "Running"], states.Distinct());
    }

    [Fact]
    public async Task Events_AfterAKill_HoldTheCommandAndWhatItCaused()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        await host.UntilAsync("server", r => r.Health == "Healthy");
        using var killed = await host.Http.PostAsync("api/resources/server/commands/kill", null, TestContext.Current.CancellationToken);
        await host.UntilAsync("server", r => r is { Health: "Healthy", Replicas: [{ Restarts: 1 }] });

        var followed = new List<ControlEventKind>();
        await foreach (var (_, data) in host.EventsAsync("api/events?follow"))
        {
            followed.Add(System.Text.Json.JsonSerializer.Deserialize(data, ControlJson.Default.ControlEvent)!.Kind);
            if (followed.Contains(ControlEventKind.Restart))
            {
                break;
            }
        }

        var all = (await host.Http.GetFromJsonAsync("api/events", ControlJson.Default.IReadOnlyListControlEvent, TestContext.Current.CancellationToken))!;
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(e => (int)e.Id));
        var command = Assert.Single(all, e => e.Kind == ControlEventKind.Command);
        var crash = Assert.Single(all, e => e.State == "Restarting");
        var restart = Assert.Single(all, e => e.Kind == ControlEventKind.Restart);
        Assert.Equal(("kill", 137, 1), (command.Command, crash.ExitCode, restart.Restarts));
        Assert.True(command.Id < crash.Id && crash.Id < restart.Id && command.Time <= crash.Time);
    }

    [Fact]
    public async Task Stop_ByTheApi_AsksTheHostToStopAndEndsStreamsProperly()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var url = host.File.ControlUrl;
        var stopping = host.Application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stream = host.EventsAsync("api/resources/watch").GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await stream.MoveNextAsync());

        using var response = await host.Http.PostAsync("api/stop", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.TrueAsync(() => stopping.IsCancellationRequested);
        await host.Application.StopAsync(TestContext.Current.CancellationToken);

        // Without an exception: the stream was ended and not cut off.
        while (await stream.MoveNextAsync())
        {
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => new HttpClient().GetAsync(url, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(host.Directories.HostFile));
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string detail)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync(ControlJson.Default.ControlProblem, TestContext.Current.CancellationToken);
        Assert.Contains(detail, problem!.Detail, StringComparison.Ordinal);
        Assert.Equal((int)status, problem.Status);
    }
}
