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

    [Fact(Explicit = true)]
    public async Task Pages_OfARunningSystem_ArePictured()
    {
        await CauseEventsAsync();
        if (Environment.GetEnvironmentVariable("HIGHAVAIL_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            // Not the details, which show where the sources lie.
            await TakeAsync("/", 1440, ColorScheme.Light, Path.Combine(_images, "dashboard-resources.png"));
            await TakeAsync("/consolelogs", 1440, ColorScheme.Dark, Path.Combine(_images, "dashboard-console.png"));
            return;
        }

        foreach (var width in (int[])[1440, 400])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                foreach (var (name, path) in Pages())
                {
                    await TakeAsync(path, width, scheme, Path.Combine(folder, $"{name}-{width}-{scheme}.png"));
                }
            }
        }
    }

    private static IEnumerable<(string Name, string Path)> Pages() =>
    [
        ("resources", "/"), ("details", "/?resource=orders-1"), ("database", "/?resource=postgres"), ("nothing", "/?search=nothing"),
        ("console", "/consolelogs"), ("console-one", "/consolelogs/resource/orders"),
        ("structuredlogs", "/structuredlogs"), ("traces", "/traces"), ("metrics", "/metrics"), ("availability", "/availability"),
    ];

    // Something to see: an order, and a replica that came back.
    private async Task CauseEventsAsync()
    {
        using var client = system.App.CreateHttpClient("gateway", "https");
        await Customers.SignInAsync(client, TestContext.Current.CancellationToken);
        await system.CommandAsync("orders-1", "kill");
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("orders", TestContext.Current.CancellationToken);
    }

    private async Task TakeAsync(string path, int width, ColorScheme scheme, string file)
    {
        var page = await system.LogInAsync(path, width, scheme);

        // The first figures of processor time come with the second measurement.
        if (path.StartsWith("/?", StringComparison.Ordinal) || path == "/")
        {
            await page.Locator("tr[data-resource], .empty-state").First.WaitForAsync();
        }

        await page.WaitForTimeoutAsync(3_000);
        await page.ScreenshotAsync(new() { Path = file });
        await page.Context.CloseAsync();
    }
}
