using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>Small applications of shell programs, run for real.</summary>
public sealed class ApplicationOrchestratorTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Start_ProgramThatEndsWell_IsFinishedAndNotRepeated()
    {
        await using var app = await StartAsync(builder => Shell(builder, "job", "echo done; exit 0"));

        var ended = await app.ResourceNotifications.WaitForResourceAsync("job", e => e.Snapshot.ExitCode is not null, Cancelled);

        Assert.Equal(KnownResourceStates.Finished, ended.Snapshot.State?.Text);
        Assert.Equal(0, ended.Snapshot.ExitCode);
    }

    [Fact]
    public async Task Start_ServerThatCrashesAtEveryStart_BacksOffVisiblyWhileOthersGoOn()
    {
        await using var app = await StartAsync(builder =>
        {
            Shell(builder, "broken", "echo cannot; exit 3").WithHttpEndpoint();
            Shell(builder, "sound", "sleep 600").WithHttpEndpoint();
        });

        var third = await app.ResourceNotifications.WaitForResourceAsync("broken", e => Property(e, "replica.restarts") is 3, Cancelled);
        var waiting = await app.ResourceNotifications.WaitForResourceAsync("broken", e => e.Snapshot.State?.Text == "Restarting", Cancelled);

        Assert.Equal("broken", third.ResourceId);
        Assert.Equal(3, waiting.Snapshot.ExitCode);
        Assert.NotNull(Property(waiting, "replica.nextRestart"));
        Assert.Contains("exited with code 3", (string?)Property(waiting, "message"), StringComparison.Ordinal);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("sound", out var sound));
        Assert.Equal(KnownResourceStates.Running, sound.Snapshot.State?.Text);
    }

    [Fact]
    public async Task WaitForCompletion_UntilTheOtherHasEnded_StartsAfterwards()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("order");
        await using var app = await StartAsync(builder =>
        {
            var first = Shell(builder, "first", $"sleep 0.3; echo first >> {file}");
            Shell(builder, "second", $"echo second >> {file}").WaitForCompletion(first);
        });

        await app.ResourceNotifications.WaitForResourceAsync("second", KnownResourceStates.Finished, Cancelled);

        Assert.Equal(["first", "second"], await File.ReadAllLinesAsync(file, Cancelled));
    }

    [Fact]
    public async Task WaitForCompletion_WhenTheOtherFails_FailsWithAMessage()
    {
        await using var app = await StartAsync(builder =>
        {
            var first = Shell(builder, "first", "exit 7");
            Shell(builder, "second", "echo never").WaitForCompletion(first);
        });

        var failed = await app.ResourceNotifications.WaitForResourceAsync("second", e => e.Snapshot.State?.Text == KnownResourceStates.FailedToStart, Cancelled);

        Assert.Contains("'first'", (string?)Property(failed, "message"), StringComparison.Ordinal);
        Assert.Contains("exit code '7'", (string?)Property(failed, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_Dependents_EndBeforeWhatTheyWaitedFor()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("order");
        var app = await StartAsync(builder =>
        {
            var server = Shell(builder, "server", Slow("server"));
            Shell(builder, "client", Slow("client")).WaitForStart(server);
        });
        foreach (var name in (string[])["server", "client"])
        {
            await LineAsync(app, name, "ready");
        }

        await app.DisposeAsync();

        Assert.Equal(["client", "server"], await File.ReadAllLinesAsync(file, Cancelled));

        string Slow(string name) => $"trap 'sleep 0.1; echo {name} >> {file}; exit 0' INT TERM; echo ready; while :; do sleep 0.05; done";
    }

    [Fact]
    public async Task Command_StopThenStart_LeavesStoppedUntilAskedFor()
    {
        await using var app = await StartAsync(builder => Shell(builder, "server", "sleep 600").WithHttpEndpoint());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("server", Cancelled);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("server", KnownResourceCommands.StopCommand, Cancelled)).Success);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("server", out var stopped));
        Assert.Equal(KnownResourceStates.Exited, stopped.Snapshot.State?.Text);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("server", KnownResourceCommands.StartCommand, Cancelled)).Success);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("server", WaitBehavior.WaitOnResourceUnavailable, Cancelled);
    }

    [Fact]
    public async Task Command_KillOfStoppedProcess_SaysThatItIsNotRunning()
    {
        await using var app = await StartAsync(builder => Shell(builder, "job", "exit 0"));
        await app.ResourceNotifications.WaitForResourceAsync("job", KnownResourceStates.Finished, Cancelled);

        var result = await app.ResourceCommands.ExecuteCommandAsync("job", "kill", Cancelled);

        Assert.False(result.Success);
        Assert.True(result.IsRefused);
        Assert.Contains("not running", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TakenPort_FailsNamingThePort()
    {
        var port = PortAllocator.Next();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        taken.Start();
        using var folder = new TemporaryFolder();
        var builder = new DistributedApplicationBuilder(new DistributedApplicationOptions
        {
            Args = [$"--HighAvail:StateDirectory={folder.Path}"],
            ProjectDirectory = folder.Path,
        });
        Shell(builder, "server", "sleep 600").WithHttpEndpoint(port);
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync(Cancelled));

        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TwoEndpointsOnOnePort_FailsNamingBoth()
    {
        using var folder = new TemporaryFolder();
        var builder = new DistributedApplicationBuilder(new DistributedApplicationOptions
        {
            Args = [$"--HighAvail:StateDirectory={folder.Path}"],
            ProjectDirectory = folder.Path,
        });
        Shell(builder, "one", "sleep 600").WithHttpEndpoint(21999);
        Shell(builder, "two", "sleep 600").WithHttpEndpoint(21999);
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync(Cancelled));

        Assert.Contains("one (http)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("two (http)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MissingParameter_SaysWhichConfigurationIsMissing()
    {
        await using var app = await StartAsync(builder =>
        {
            var key = builder.AddParameter("api-key", secret: true);
            Shell(builder, "server", "sleep 600").WithEnvironment("KEY", key);
        });

        var missing = await app.ResourceNotifications.WaitForResourceAsync("api-key", e => e.Snapshot.State?.Text == KnownResourceStates.ValueMissing, Cancelled);

        Assert.Contains("Parameters:api-key", (string?)Property(missing, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Environment_OfAProgram_HoldsWhatTheModelSaysAndNothingOfTheHost()
    {
        var host = Environment.GetEnvironmentVariable("ASPNETCORE_URLS");
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://localhost:1");
        try
        {
            await using var app = await StartAsync(builder =>
            {
                var other = Shell(builder, "other", "sleep 600").WithHttpEndpoint(name: "http");
                Shell(builder, "job", "env | sort; exit 0").WithEnvironment("GREETING", "hello").WithEnvironment("OTHER", other.GetEndpoint("http"));
            });
            await app.ResourceNotifications.WaitForResourceAsync("job", KnownResourceStates.Finished, Cancelled);

            Assert.Equal("GREETING=hello", await LineAsync(app, "job", "GREETING"));
            Assert.Equal($"OTHER={app.GetEndpoint("other").GetLeftPart(UriPartial.Authority)}", await LineAsync(app, "job", "OTHER"));
            Assert.DoesNotContain(Log(app, "job"), l => l.StartsWith("ASPNETCORE_URLS=", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", host);
        }
    }

    private static async Task<DistributedApplication> StartAsync(Action<IDistributedApplicationBuilder> describe)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        describe(builder);
        var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        return app;
    }

    private static IResourceBuilder<ExecutableResource> Shell(IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "sh", ".", "-c", script);

    private static object? Property(ResourceEvent e, string name) => e.Snapshot.Properties.FirstOrDefault(p => p.Name == name)?.Value;

    private static async Task<string> LineAsync(DistributedApplication app, string resource, string prefix)
    {
        await foreach (var lines in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource, Cancelled))
        {
            if (lines.FirstOrDefault(l => l.Content.StartsWith(prefix, StringComparison.Ordinal)) is { Content: not null } line)
            {
                return line.Content;
            }
        }

        throw new InvalidOperationException("The log ended.");
    }

    private static IEnumerable<string> Log(DistributedApplication app, string resource) =>
        app.Services.GetRequiredService<HighAvail.Hosting.Orchestration.LogStore>().For(resource).Snapshot().Select(l => l.Text);
}
