using HighAvail.Tests.Hosting.Control;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

/// <summary>A small host in this process, a dashboard that is told of it, and a browser.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly Chromium _browser;

    private Scene(RunningHost host, DashboardProcess dashboard, Chromium browser) => (Host, Dashboard, _browser) = (host, dashboard, browser);

    public RunningHost Host { get; }

    public DashboardProcess Dashboard { get; }

    public static async Task<Scene> StartAsync(Action<IDistributedApplicationBuilder> describe, params (string Name, string Value)[] settings)
    {
        var browser = await Chromium.StartAsync();
        var host = await RunningHost.StartAsync(describe);
        return new(host, await DashboardProcess.StartAsync([("HighAvail__HostFile", host.Directories.HostFile), .. settings]), browser);
    }

    /// <summary>A page of a person who has the token.</summary>
    public async Task<IPage> LogInAsync(string path = "/")
    {
        var page = await _browser.NewPageAsync(Dashboard.Address);
        await page.GotoAsync($"/login?t={DashboardProcess.Token}&returnUrl={Uri.EscapeDataString(path)}");
        await page.ReadyAsync();
        return page;
    }

    /// <summary>A page of a person who has no token.</summary>
    public async Task<IPage> VisitAsync(string path = "/")
    {
        var page = await _browser.NewPageAsync(Dashboard.Address);
        await page.GotoAsync(path);
        await page.ReadyAsync();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await Dashboard.DisposeAsync();
        await Host.DisposeAsync();
    }
}
