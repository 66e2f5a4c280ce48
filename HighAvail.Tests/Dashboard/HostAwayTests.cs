using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard;

public class HostAwayTests
{
    [Fact]
    public async Task Pages_WhileTheHostIsAway_SaySoAndComeBackByThemselves()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Chromium.StartAsync();
        await using var dashboard = await DashboardProcess.StartAsync(("HighAvail__HostFile", Path.Combine(folder.Path, "host.json")));
        var page = await browser.NewPageAsync(dashboard.Address);
        await page.GotoAsync($"/login?t={DashboardProcess.Token}");
        await page.ReadyAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It may just start.");

        await using (var first = RunningHost.Build(folder.Path, b => b.AddServer("server")))
        {
            await first.StartAsync(TestContext.Current.CancellationToken);
            await Expect(page.Row("server")).ToContainTextAsync("Running");
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeHiddenAsync();
        }

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not answer");
        await Expect(page.Row("server")).ToBeVisibleAsync();

        await using var second = RunningHost.Build(folder.Path, b => b.AddServer("another"));
        await second.StartAsync(TestContext.Current.CancellationToken);
        await Expect(page.Row("another")).ToContainTextAsync("Running");
        await Expect(page.Row("server")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task ConsoleLogs_AfterTheHostIsBack_GoOnBelowWhatWasShown()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Chromium.StartAsync();
        await using var dashboard = await DashboardProcess.StartAsync(("HighAvail__HostFile", Path.Combine(folder.Path, "host.json")));
        var page = await browser.NewPageAsync(dashboard.Address);
        await page.GotoAsync($"/login?t={DashboardProcess.Token}&returnUrl=%2Fconsolelogs%2Fresource%2Fserver");
        await page.ReadyAsync();
        foreach (var (line, lines) in ((string, string[])[])[("first", ["first"]), ("second", ["first", "second"])])
        {
            await using var host = RunningHost.Build(folder.Path, b => b.AddServer("server", $"echo {line}; exec sleep 600"));
            await host.StartAsync(TestContext.Current.CancellationToken);
            await Expect(page.Locator(".console-lines .text").Filter(new() { HasTextRegex = new("^(first|second)$") })).ToHaveTextAsync(lines);
        }
    }

    [Fact]
    public async Task Page_AfterTheDashboardWasStartedAgain_ComesBackByItself()
    {
        await using var browser = await Chromium.StartAsync();
        var port = LoopbackPort.Free();
        var dashboard = await DashboardProcess.StartAsync(port);
        var page = await browser.NewPageAsync(dashboard.Address);
        await page.GotoAsync($"/login?t={DashboardProcess.Token}");
        await page.ReadyAsync();
        await page.EvaluateAsync("window.isTheOldPage = true");

        await dashboard.DisposeAsync();
        await Expect(page.GetByText("Trying to reconnect")).ToBeVisibleAsync();
        await using var again = await DashboardProcess.StartAsync(port);

        await Expect(page.GetByText("Trying to reconnect")).ToBeHiddenAsync();
        await page.ReadyAsync();
        Assert.False(await page.EvaluateAsync<bool>("!!window.isTheOldPage"));
        await Expect(page.GetByText("No app host is connected")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Visitor_WhoMayOnlyLook_CanDoNothing()
    {
        await using var scene = await Scene.StartAsync(
            // A failure is shown for as long as nobody closes it.
            b => b.AddServer("server").WithCommand("greet", "Greet <b>", _ => Task.FromResult(CommandResults.Failure("<i>Hello</i>"))),
            ("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"));
        var visitor = await scene.VisitAsync();
        var owner = await scene.LogInAsync();

        await visitor.Row("server").GetByTitle("More").ClickAsync();
        await Expect(visitor.Locator("#menu-server").GetByRole(AriaRole.Menuitem, new() { Name = "Restart" })).ToBeDisabledAsync();
        await owner.Row("server").GetByTitle("More").ClickAsync();
        await owner.Locator("#menu-server").GetByRole(AriaRole.Menuitem, new() { Name = "Greet <b>" }).ClickAsync();
        await Expect(owner.Locator(".command-run")).ToContainTextAsync("<i>Hello</i>");
    }
}
