using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard;

/// <summary>What holds for all pages.</summary>
[Collection(nameof(DashboardSystem))]
public class EveryPageTests(DashboardSystem system)
{
    // The innermost element that has the focus, if nothing shows that it has. Behind the last one the browser itself has it.
    private const string FocusThatIsNotSeen = """
        () => {
            let element = document.activeElement;
            while (element?.shadowRoot?.activeElement) {
                element = element.shadowRoot.activeElement;
            }

            const style = getComputedStyle(element);
            return element === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none" ? null : element.outerHTML.slice(0, 200);
        }
        """;

    // Nothing else differs between light and dark.
    private static readonly AxeRunOptions _colours = new() { RunOnly = RunOnlyOptions.Rules("color-contrast") };

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(400, ColorScheme.Light)]
    public async Task Pages_FitTheScreenAndBreakNoRule(int width, ColorScheme scheme)
    {
        var trace = await system.PlaceOrderAsync();
        var page = await system.LogInAsync("/", width, scheme);
        var complaints = page.Complaints();
        var violations = new List<string>();
        foreach (var path in (string[])
        [
            "/", "/?resource=orders-0", "/?resource=nobody", "/consolelogs", "/consolelogs/resource/orders", "/structuredlogs", "/structuredlogs?log=1&filter=contains:category:a",
            "/traces", $"/traces/detail/{trace}", "/metrics", "/metrics?resource=gateway&meter=Microsoft.AspNetCore.Hosting&instrument=http.server.request.duration&split=http.route",
            "/availability", "/nowhere",
        ])
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            Assert.True(width == await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), path);
            Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.shell-content').scrollWidth <= document.querySelector('.shell-content').clientWidth"), path);
            if (width > 400)
            {
                violations.AddRange((await page.RunAxe(scheme == ColorScheme.Light ? new() : _colours)).Violations.Select(violation => $"{path}: {violation.Help}: {string.Join(' ', violation.Nodes.Take(3).Select(node => node.Html))}"));
            }
        }

        Assert.True(violations.Count == 0, string.Join('\n', violations));

        // The page that is not there is told with its status.
        Assert.Contains("404", Assert.Single(complaints), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/consolelogs")]
    [InlineData("/structuredlogs")]
    [InlineData("/traces")]
    [InlineData("/metrics")]
    [InlineData("/availability")]
    public async Task Focus_OnItsWayThroughThePage_IsSeen(string path)
    {
        var page = await system.LogInAsync(path);

        for (var i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.Null(await page.EvaluateAsync<string?>(FocusThatIsNotSeen));
        }
    }

    [Fact]
    public async Task Keys_LeadToThePages()
    {
        var page = await system.LogInAsync("/traces");

        foreach (var (key, path) in ((string, string)[])[("c", "/consolelogs"), ("s", "/structuredlogs"), ("t", "/traces"), ("m", "/metrics"), ("a", "/availability"), ("r", "/")])
        {
            await page.Keyboard.PressAsync(key);
            await page.AddressAsync(path);
            await Expect(page.Locator($".shell-navigation a[href='{path[1..]}']")).ToHaveAttributeAsync("aria-current", "page");
        }

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByLabel("Keyboard shortcuts", new() { Exact = true })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Search resources")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Menu_WithTheKeyboardAlone_IsUsed()
    {
        var page = await system.LogInAsync();
        var menu = page.Locator("#menu-users-0");

        await page.Row("users-0").GetByTitle("More").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(menu.GetByRole(AriaRole.Menuitem, new() { Name = "Details" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(menu.GetByRole(AriaRole.Menuitem, new() { Name = "Details" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".pane h2")).ToHaveTextAsync("users-0");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".pane")).ToBeHiddenAsync();
    }
}
