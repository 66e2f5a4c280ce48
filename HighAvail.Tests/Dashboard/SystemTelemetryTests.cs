using System.Text.RegularExpressions;
using HighAvail.Hosting.Control;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard;

/// <summary>What the pages show of the telemetry that the real system sends.</summary>
[Collection(nameof(DashboardSystem))]
public class SystemTelemetryTests(DashboardSystem system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trace_OfAnOrder_LeadsFromTheGatewayToItsProcessingAndBack()
    {
        var trace = await system.PlaceOrderAsync();
        var page = await system.LogInAsync($"/traces?search={trace}");

        await page.Locator($"tr[data-trace='{trace}'] a").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(new Regex("^gateway-[01]: POST"));
        await Expect(page.Locator("tr[data-span]").Filter(new() { HasTextRegex = new("orders-[01] POST /orders") })).ToHaveCountAsync(1);
        var processing = page.Locator(".facts-line a[data-trace]").Filter(new() { HasText = "process orders" }).First;
        await processing.ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync(new Regex("^orders-[01]: process orders"));
        await Expect(page.Locator(".pane h2")).ToHaveTextAsync("process orders");
        await page.Locator($".pane a[data-trace='{trace}']").ClickAsync();
        await page.AddressAsync($"/traces/detail/{trace}?span=");
        await Expect(page.Locator(".pane h2")).ToHaveTextAsync("POST /orders/");
        await Expect(page.Locator(".pane")).ToContainTextAsync(new Regex("orders-[01]"));
        await Expect(page.Locator(".pane a[data-trace]").First).ToContainTextAsync("process orders");
    }

    [Fact]
    public async Task Kill_OnTheAvailabilityPage_IsMarkedAsTheControlApiTellsIt()
    {
        await system.PlaceOrderAsync();
        var page = await system.LogInAsync("/availability?last=1m");
        var light = page.Locator(".light[data-replica='orders-0']");
        await Expect(light).ToHaveAttributeAsync("data-tone", "good");
        await Expect(page.Locator(".chart")).ToHaveCountAsync(3);
        await Expect(page.Locator(".summary")).ToContainTextAsync("% were answered");

        await light.GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await page.Locator("fluent-button").Filter(new() { HasText = "Kill" }).ClickAsync();

        await Expect(page.Locator(".chart-mark[title*='orders-0: Command: kill']")).ToHaveCountAsync(3);
        await Expect(page.Locator(".chart-mark[title*='orders-0: Started again']")).ToHaveCountAsync(3);
        await Expect(light).ToHaveAttributeAsync("data-tone", "good");
        var kill = (await system.EventsAsync()).Last(e => e is { Kind: ControlEventKind.Command, Command: "kill" });
        Assert.Equal("orders-0", kill.Replica);
        await Expect(page.Locator($"tr[data-event='{kill.Id}']")).ToContainTextAsync("Command: kill");
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("orders", Cancellation);
    }

    [Fact]
    public async Task Lights_AreTheReplicasOfTheControlApi()
    {
        var page = await system.LogInAsync("/availability");
        await Expect(page.Locator(".light").First).ToBeVisibleAsync();

        var shown = await page.Locator(".light").EvaluateAllAsync<string[]>("lights => lights.map(l => l.dataset.replica)");

        Assert.Equal((await system.ResourcesAsync()).SelectMany(r => r.Replicas).Select(r => r.Name).Order(), shown.Order());
    }

    [Fact]
    public async Task Metrics_OfEveryService_CanBeChosen()
    {
        // Before its first request a service has no durations.
        await system.PlaceOrderAsync();
        var page = await system.LogInAsync("/metrics?resource=users");

        foreach (var service in (string[])["gateway", "orders", "users"])
        {
            await page.GetByLabel("Resource", new() { Exact = true }).SelectOptionAsync(service);
            var instrument = page.Locator(".instruments").GetByRole(AriaRole.Link, new() { Name = "http.server.request.duration" });
            await Expect(instrument).ToHaveAttributeAsync("href", new Regex($"resource={service}"));
            await instrument.ClickAsync();
            await Expect(page.Locator(".chart")).ToHaveCountAsync(2);
            await Expect(page.Locator("table.series tbody tr").First).ToBeVisibleAsync();
        }
    }
}
