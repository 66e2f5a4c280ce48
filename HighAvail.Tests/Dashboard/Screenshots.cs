using HighAvail.Tests.EndToEnd;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

/// <summary>
/// Takes the pictures of the README: <c>dotnet run --project HighAvail.Tests -- -explicit only -class "*Screenshots"</c>. With the variable
/// HIGHAVAIL_SCREENSHOTS it takes every page, light and dark, wide and narrow, into that folder instead, to be looked at.
/// </summary>
[Collection(nameof(DashboardSystem))]
public class Screenshots(DashboardSystem system)
{
    private static readonly string _images = Path.Combine(Path.GetDirectoryName(Projects.HighAvail_AppHost.ProjectPath)!, "docs", "images");

    private string _trace = "";
    private string _span = "";

    [Fact(Explicit = true)]
    public async Task Pages_OfARunningSystem_ArePictured()
    {
        await CauseEventsAsync();
        if (Environment.GetEnvironmentVariable("HIGHAVAIL_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            // Not the details, which show where the sources lie.
            await TakeAsync(await system.LogInAsync(scheme: ColorScheme.Light), "/", Path.Combine(_images, "dashboard-resources.png"));
            await TakeAsync(await system.LogInAsync(scheme: ColorScheme.Dark), "/consolelogs", Path.Combine(_images, "dashboard-console.png"));
            return;
        }

        await using var alone = await DashboardProcess.StartAsync();
        foreach (var width in (int[])[1440, 400])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                var page = await system.LogInAsync(width: width, scheme: scheme);
                foreach (var (name, path) in Pages())
                {
                    await TakeAsync(page, path, Path.Combine(folder, $"{name}-{width}-{scheme}.png"));
                }

                await page.Context.CloseAsync();
                await TakeEmptyAsync(alone, width, scheme, folder);
            }
        }
    }

    private IEnumerable<(string Name, string Path)> Pages() =>
    [
        ("resources", "/"), ("resources-sorted", "/?sort=-memory"), ("details", "/?resource=orders-1"), ("database", "/?resource=postgres"), ("nothing", "/?search=nothing"),
        ("console", "/consolelogs"), ("console-one", "/consolelogs/resource/orders"),
        ("structuredlogs", "/structuredlogs"), ("structuredlogs-details", "/structuredlogs?log=20"),
        ("traces", "/traces?sort=-duration"), ("trace", $"/traces/detail/{_trace}"), ("trace-span", $"/traces/detail/{_trace}?span={_span}"),
        ("metrics", "/metrics?resource=gateway"), ("metrics-histogram", "/metrics?resource=gateway&meter=Microsoft.AspNetCore.Hosting&instrument=http.server.request.duration&split=http.route"),
        ("metrics-gauge", "/metrics?resource=orders&meter=System.Runtime&instrument=dotnet.process.memory.working_set"),
        ("availability", "/availability"),
    ];

    // Something to see: orders, and a replica that is killed meanwhile and comes back.
    private async Task CauseEventsAsync()
    {
        using var client = system.App.CreateHttpClient("gateway", "https");
        await Customers.SignInAsync(client, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200; i++)
        {
            await Orders.PlaceAsync(client, TestContext.Current.CancellationToken);
            await Task.Delay(50, TestContext.Current.CancellationToken);
            if (i == 100)
            {
                await system.CommandAsync("orders-1", "kill");
            }
        }

        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("orders", TestContext.Current.CancellationToken);
        _trace = await system.PlaceOrderAsync();
        var page = await system.LogInAsync($"/traces/detail/{_trace}");
        var span = page.Locator("tr[data-span]").Filter(new() { HasTextRegex = new("orders-[01] POST") });
        _span = await span.GetAttributeAsync("data-span") ?? "";
        await page.Context.CloseAsync();
    }

    // What it looks like for somebody who has just started it by itself.
    private async Task TakeEmptyAsync(DashboardProcess alone, int width, ColorScheme scheme, string folder)
    {
        var page = await system.Browser.NewPageAsync(alone.Address, width, scheme);
        await page.GotoAsync("/login?t=wrong");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"login-{width}-{scheme}.png") });
        await page.GotoAsync($"/login?t={DashboardProcess.Token}");
        foreach (var path in (string[])["", "consolelogs", "structuredlogs", "traces", "traces/detail/1", "metrics", "availability", "nowhere"])
        {
            await TakeAsync(page, $"/{path}", Path.Combine(folder, $"empty-{path.Replace('/', '-')}-{width}-{scheme}.png"));
        }

        await page.Context.CloseAsync();
    }

    private static async Task TakeAsync(IPage page, string path, string file)
    {
        await page.GotoAsync(path);
        await page.ReadyAsync();

        // The first figures of processor time come with the second measurement.
        await page.WaitForTimeoutAsync(file.Contains("empty-", StringComparison.Ordinal) ? 200 : 1_000);
        await page.ScreenshotAsync(new() { Path = file });
    }
}
