namespace HighAvail.Tests.EndToEnd;

/// <summary>The whole system, as its app host describes it, for the tests of one collection.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    // A machine that has to fetch servers or images first needs minutes, once.
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(10);

    private DistributedApplication? _app;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The system is not started.");

    public async ValueTask InitializeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        foreach (var resource in (string[])["users", "orders", "gateway"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>A client of the gateway without an identity.</summary>
    public HttpClient CreateClient() => App.CreateHttpClient("gateway", "https");

    /// <summary>A client of the gateway for a person who has just registered and signed in.</summary>
    public async Task<HttpClient> SignInAsync(CancellationToken cancellationToken)
    {
        var client = CreateClient();
        await Customers.SignInAsync(client, cancellationToken);
        return client;
    }
}

/// <summary>The tests that share one running system. They run alone: the system needs the whole machine.</summary>
[CollectionDefinition(nameof(RunningSystem), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's term.
public sealed class RunningSystemCollection : ICollectionFixture<RunningSystem>;
#pragma warning restore CA1711
