using System.Text.RegularExpressions;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard.Telemetry;

/// <summary>What somebody chose on a page stands in its address, and whoever opens that sees the same.</summary>
public sealed class AddressTests
{
    private const string Trace = "00000000000000000000000000000001";

    [Fact]
    public async Task Address_OfStructuredLogs_HoldsWhatIsLookedForAndTheEntry()
    {
        await using var scene = await TelemetryScene.StartAsync();
        await scene.SendAsync("logs", OtlpMessages.Request(
            OtlpMessages.Log("order 1 shipped"), OtlpMessages.Log("order 2 is late", severity: 13).Attribute(6, "order", 2), OtlpMessages.Log("order 3 is late", severity: 13).Attribute(6, "order", 3)));
        await scene.OpenAsync("/structuredlogs");

        await scene.Page.GetByLabel("Level", new() { Exact = true }).SelectOptionAsync("Warning");
        await Expect(scene.Page.Locator("tr[data-log]")).ToHaveCountAsync(2);
        await scene.Page.GetByLabel("Search messages").FillAsync("order");
        await scene.Page.AddressAsync("search=order");
        await scene.Page.GetByText("Add condition").ClickAsync();
        await scene.Page.GetByLabel("Property").FillAsync("order");
        await scene.Page.GetByLabel("Condition").SelectOptionAsync("Greater");
        await scene.Page.GetByLabel("Value").FillAsync("2");
        await scene.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(scene.Page.Locator("tr[data-log]")).ToHaveCountAsync(1);
        await scene.Page.GetByLabel("Resource", new() { Exact = true }).SelectOptionAsync("orders-0");
        await Expect(scene.Page.Locator("tr[data-log] a.row-link")).ToHaveAttributeAsync("href", new Regex("resource=orders-0"));
        await scene.Page.Locator("tr[data-log] a.row-link").ClickAsync();
        await Expect(scene.Page.Locator(".pane .log-text")).ToHaveTextAsync("order 3 is late");

        var other = await scene.SendAddressAsync();
        await Expect(other.Locator(".pane .log-text")).ToHaveTextAsync("order 3 is late");
        await Expect(other.Locator("tr[data-log]")).ToHaveCountAsync(1);
        await Expect(other.Locator(".chip")).ToHaveTextAsync("order > 2");
        await Expect(other.GetByLabel("Level", new() { Exact = true })).ToHaveValueAsync("Warning");
        await Expect(other.GetByLabel("Resource", new() { Exact = true })).ToHaveValueAsync("orders-0");
        await Expect(other.GetByLabel("Search messages")).ToHaveValueAsync("order");
    }

    [Fact]
    public async Task Address_OfTraces_HoldsWhatIsLookedForAndTheOrder()
    {
        await using var scene = await TelemetryScene.StartAsync();
        await scene.SendAsync("traces", OtlpMessages.Request(
            OtlpMessages.Span(1, 1, name: "slow", end: OtlpMessages.Noon + (2 * OtlpMessages.Second), status: 2),
            OtlpMessages.Span(2, 2, name: "slower", end: OtlpMessages.Noon + (3 * OtlpMessages.Second), status: 2),
            OtlpMessages.Span(3, 3, name: "slowest", end: OtlpMessages.Noon + (4 * OtlpMessages.Second)),
            OtlpMessages.Span(4, 4, name: "quick", end: OtlpMessages.Noon + 1)));
        await scene.OpenAsync("/traces");

        await scene.Page.GetByLabel("Duration").SelectOptionAsync("1s");
        await Expect(scene.Page.Locator("tr[data-trace]")).ToHaveCountAsync(3);
        await scene.Page.GetByLabel("Errors only").CheckAsync();
        await scene.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Duration" }).GetByRole(AriaRole.Link).ClickAsync();

        await Expect(scene.Page.Locator("tr[data-trace] .row-link")).ToContainTextAsync(["slower", "slow"]);
        var other = await scene.SendAddressAsync();
        await Expect(other.Locator("tr[data-trace] .row-link")).ToContainTextAsync(["slower", "slow"]);
        await Expect(other.GetByRole(AriaRole.Columnheader, new() { Name = "Duration" })).ToHaveAttributeAsync("aria-sort", "descending");
        await other.GetByRole(AriaRole.Columnheader, new() { Name = "Duration" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(other.Locator("tr[data-trace] .row-link")).ToContainTextAsync(["orders-0: slow ", "slower"]);
        await Expect(other.GetByLabel("Errors only")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Address_OfATrace_HoldsTheSpan()
    {
        await using var scene = await TelemetryScene.StartAsync();
        await scene.SendAsync("traces", OtlpMessages.Request(OtlpMessages.Span(1, 1, name: "parent"), OtlpMessages.Span(1, 2, parent: 1, name: "child").Attribute(9, "order", 7)));
        await scene.OpenAsync($"/traces/detail/{Trace}");

        await scene.Page.Locator("tr[data-span] a.row-link").Filter(new() { HasText = "child" }).ClickAsync();

        await Expect(scene.Page.Locator(".pane h2")).ToHaveTextAsync("child");
        var other = await scene.SendAddressAsync();
        await Expect(other.Locator(".pane h2")).ToHaveTextAsync("child");
        await other.Keyboard.PressAsync("Escape");
        await Expect(other.Locator(".pane")).ToBeHiddenAsync();
        await Expect(other).Not.ToHaveURLAsync(new Regex("span="));
    }

    [Fact]
    public async Task Log_OfASpan_LeadsToItAndBack()
    {
        await using var scene = await TelemetryScene.StartAsync();
        await scene.SendAsync("traces", OtlpMessages.Request(OtlpMessages.Span(1, 1, name: "parent"), OtlpMessages.Span(1, 2, parent: 1, name: "child")));
        await scene.SendAsync("logs", OtlpMessages.Request(OtlpMessages.Log("of nobody"), OtlpMessages.Log("of the child", trace: 1, span: 2)));
        await scene.OpenAsync("/structuredlogs");

        await scene.Page.Locator("tr[data-log]").Filter(new() { HasText = "of the child" }).Locator("a.id").ClickAsync();
        await Expect(scene.Page.Locator(".pane h2")).ToHaveTextAsync("child");
        await scene.Page.Locator("tr[data-span='0000000000000002'] .waterfall-log").ClickAsync();

        await Expect(scene.Page.Locator(".pane .log-text")).ToHaveTextAsync("of the child");
        await Expect(scene.Page.Locator("tr[data-log]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Address_OfMetrics_HoldsTheInstrumentAndHowItIsSplit()
    {
        await using var scene = await TelemetryScene.StartAsync();
        var now = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        await scene.SendAsync("metrics", OtlpMessages.Request(
            OtlpMessages.Gauge("temperature", OtlpMessages.Number(20, now, attribute: "kitchen"), OtlpMessages.Number(17, now, attribute: "cellar")),
            OtlpMessages.Gauge("pressure", OtlpMessages.Number(1013, now))));
        await scene.OpenAsync("/metrics");

        await scene.Page.GetByRole(AriaRole.Link, new() { Name = "temperature" }).ClickAsync();
        await scene.Page.Locator(".field-check select").SelectOptionAsync("key");
        await scene.Page.GetByLabel("Time", new() { Exact = true }).SelectOptionAsync("15m");
        await scene.Page.AddressAsync("last=15m");

        await Expect(scene.Page.Locator(".chart-legend li")).ToContainTextAsync(["cellar", "kitchen"]);
        var other = await scene.SendAddressAsync();
        await Expect(other.Locator(".chart-legend li")).ToContainTextAsync(["cellar", "kitchen"]);
        await Expect(other.GetByLabel("Time", new() { Exact = true })).ToHaveValueAsync("15m");
        await Expect(other.GetByRole(AriaRole.Link, new() { Name = "temperature" })).ToHaveAttributeAsync("aria-current", "true");
    }

    [Fact]
    public async Task Address_OfAvailability_HoldsWhoseRequestsAreCounted()
    {
        await using var scene = await TelemetryScene.StartAsync();
        foreach (var service in (string[])["gateway", "orders"])
        {
            await scene.SendAsync("metrics", Requests(service));
        }

        await scene.OpenAsync("/availability");
        await Expect(scene.Page.GetByLabel("Seen by")).ToHaveValueAsync("gateway");
        await scene.Page.GetByLabel("Seen by").SelectOptionAsync("orders");
        await scene.Page.GetByLabel("Time", new() { Exact = true }).SelectOptionAsync("1h");
        await scene.Page.AddressAsync("last=1h");
        await Expect(scene.Page.Locator(".chart")).ToHaveCountAsync(3);

        var other = await scene.SendAddressAsync();
        await Expect(other.GetByLabel("Seen by")).ToHaveValueAsync("orders");
        await Expect(other.GetByLabel("Time", new() { Exact = true })).ToHaveValueAsync("1h");
    }

    private static byte[] Requests(string service)
    {
        var now = (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
        return OtlpMessages.Request(service, $"{service}-0", "Microsoft.AspNetCore.Hosting", OtlpMessages.Histogram(
            "http.server.request.duration", OtlpMessages.Distribution([5, 1], [0.1], now, start: now - OtlpMessages.Second, status: 200)));
    }
}
