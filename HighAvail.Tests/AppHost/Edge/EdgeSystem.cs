using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Tests.AppHost.Edge;

/// <summary>The whole system with the edge before the gateways.</summary>
public sealed class EdgeSystem : IAsyncLifetime
{
    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The system is not started.");

    public async ValueTask InitializeAsync()
    {
        EdgeProcess.FindProgram();
        var cancelled = Patience.Token;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(["--edge", "haproxy"], cancelled);
        _app = await builder.BuildAsync(cancelled);
        await _app.StartAsync(cancelled);
        foreach (var resource in (string[])["users", "orders", "edge", "gateway-0", "gateway-1"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancelled);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>A client of the edge for a person who has just registered and signed in.</summary>
    public async Task<HttpClient> SignInAsync(CancellationToken cancellationToken)
    {
        var client = App.CreateHttpClient("edge", "https");
        await Customers.SignInAsync(client, cancellationToken);
        return client;
    }

    /// <summary>What the edge printed last, without the requests that it repeated with success.</summary>
    public async Task<IEnumerable<string>> EdgeLogAsync(CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(
            Path.Combine(App.Services.GetRequiredService<IAspireStore>().BasePath, "logs", "edge.log"), cancellationToken);
        return lines.Where(line => !line.Contains(" 201 ", StringComparison.Ordinal)).TakeLast(30);
    }

    /// <summary>Kills a process with SIGKILL, and waits until another is healthy in its place if asked to.</summary>
    public async Task KillAsync(string replica, CancellationToken cancellationToken, bool waitUntilHealed = true)
    {
        var killed = await App.ResourceNotifications.WaitForResourceHealthyAsync(replica, cancellationToken);
        var result = await App.ResourceCommands.ExecuteCommandAsync(replica, "kill", cancellationToken);
        Assert.True(result.Success, result.Message);
        // Until its end is noticed in any case: a process that is only about to end may still take a connection.
        await App.ResourceNotifications.WaitForResourceAsync(
            replica, e => e.Snapshot.State?.Text != KnownResourceStates.Running || e.ProcessId() != killed.ProcessId(), cancellationToken);
        if (waitUntilHealed)
        {
            await App.ResourceNotifications.WaitForResourceAsync(
                replica, e => e.Snapshot.HealthStatus == HealthStatus.Healthy && e.ProcessId() != killed.ProcessId(), cancellationToken);
        }
    }
}

/// <summary>The tests that share it. They run alone: the system needs the whole machine.</summary>
[CollectionDefinition(nameof(EdgeSystem), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's term.
public sealed class EdgeSystemCollection : ICollectionFixture<EdgeSystem>;
#pragma warning restore CA1711
