using System.Net.Http.Json;
using HighAvail.Hosting.Control;
using HighAvail.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

/// <summary>The whole system with the dashboard that its host starts, and a browser, for the tests of one collection.</summary>
public sealed class DashboardSystem : IAsyncLifetime
{
    // A machine that has to fetch servers first needs minutes, once.
    private static readonly TimeSpan _startLimit = TimeSpan.FromMinutes(10);

    private DistributedApplication? _app;
    private Chromium? _browser;
    private HttpClient? _control;

    /// <summary>Where the pages are.</summary>
    public Uri Address => new(Host.DashboardUrl!.Split("/login")[0]);

    internal Chromium Browser => _browser!;

    internal HostFile Host => HostFile.Read(App.Services.GetRequiredService<HostDirectories>().HostFile)!;

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("The system is not started.");

    public async ValueTask InitializeAsync()
    {
        _browser = await Chromium.StartAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_startLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(
            [], (options, _) => options.DisableDashboard = false, limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        foreach (var resource in (string[])["users", "orders", "gateway", "dashboard"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
        }

        _control = new() { BaseAddress = new(Host.ControlUrl) };
        _control.DefaultRequestHeaders.Add("X-Api-Key", Host.ApiKey);
    }

    public async ValueTask DisposeAsync()
    {
        _control?.Dispose();
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>A page of a person who followed the login link that the host prints.</summary>
    public async Task<IPage> LogInAsync(string path = "/", int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await Browser.NewPageAsync(Address, width, scheme);
        await page.GotoAsync($"{Host.DashboardUrl}&returnUrl={Uri.EscapeDataString(path)}");
        await page.ReadyAsync();
        return page;
    }

    /// <summary>The resources as the control API shows them.</summary>
    internal async Task<List<ResourceView>> ResourcesAsync() =>
        (await _control!.GetFromJsonAsync("api/resources", ControlJson.Default.ListResourceView, TestContext.Current.CancellationToken))!;

    /// <summary>What happened, as the control API tells it.</summary>
    internal async Task<IReadOnlyList<ControlEvent>> EventsAsync() =>
        (await _control!.GetFromJsonAsync("api/events", ControlJson.Default.IReadOnlyListControlEvent, TestContext.Current.CancellationToken))!;

    /// <summary>Places an order through the gateway.</summary>
    /// <returns>The trace of the request that placed it.</returns>
    internal async Task<string> PlaceOrderAsync()
    {
        using var client = App.CreateHttpClient("gateway", "https");
        await Customers.SignInAsync(client, TestContext.Current.CancellationToken);
        var trace = Guid.NewGuid().ToString("N");
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        await Orders.PlaceAsync(client, TestContext.Current.CancellationToken);
        return trace;
    }

    /// <summary>Gives a command as others than the dashboard do.</summary>
    internal async Task CommandAsync(string name, string command)
    {
        using var response = await _control!.PostAsync($"api/resources/{name}/commands/{command}", null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>The tests that share one system with a dashboard. They run alone: the system needs the whole machine.</summary>
[CollectionDefinition(nameof(DashboardSystem), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's term.
public sealed class DashboardSystemCollection : ICollectionFixture<DashboardSystem>;
#pragma warning restore CA1711
