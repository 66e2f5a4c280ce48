using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard.Telemetry;

/// <summary>What the pages make of telemetry that nobody would send on purpose, or only on purpose.</summary>
public sealed class StrangeTelemetryTests
{
    private const string Trace = "00000000000000000000000000000001";
    private const string Payload = "<b class=evil>x</b><img src=x onerror=\"window.evil=1\"><script>window.evil=1</script>'\"&amp;";

    private static ulong Now => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    [Theory]
    [InlineData("/", "No app host is connected")]
    [InlineData("/consolelogs", "No app host is connected")]
    [InlineData("/structuredlogs", "No logs have been received.")]
    [InlineData("/traces", "No traces have been received.")]
    [InlineData("/traces?errors=1", "No traces have been received.")]
    [InlineData("/structuredlogs?log=first", "No logs have been received.")]
    [InlineData("/traces/detail/zz", "There is no trace ‘zz’")]
    [InlineData("/metrics", "No metrics have been received.")]
    [InlineData("/availability", "No requests have been seen.")]
    [InlineData("/nowhere", "There is no such page.")]
    public async Task Page_WithNothingToShow_SaysWhy(string path, string sentence)
    {
        await using var scene = await TelemetryScene.StartAsync();

        await scene.OpenAsync(path);

        await Expect(scene.Page.Locator(".empty-state").Filter(new() { HasText = sentence })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Html_InEveryNameAndValue_IsText()
    {
        await using var scene = await TelemetryScene.StartAsync();
        var complaints = scene.Page.Complaints();
        await SendEvilAsync(scene);
        var payload = Uri.EscapeDataString(Payload);

        foreach (var path in (string[])
        [
            "/structuredlogs?log=1", $"/structuredlogs?search={payload}&filter=contains:{payload}:{payload}&resource={payload}", "/traces", $"/traces?search={payload}&resource={payload}",
            $"/traces/detail/{Trace}?span=0000000000000001", $"/traces/detail/{Uri.EscapeDataString("<b class=evil>")}",
            $"/metrics?resource={payload}&meter={payload}&instrument={payload}&split={payload}", $"/availability?service={payload}",
        ])
        {
            await scene.OpenAsync(path);
            await Expect(scene.Page.Locator(".shell-content")).ToContainTextAsync("class=evil");
            Assert.Equal(0, await scene.Page.Locator(".evil, img, body script:not([src])").CountAsync());
            Assert.False(await scene.Page.EvaluateAsync<bool>("'evil' in window"), path);
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Megabyte_InAnAttribute_IsShownInPartAndWholeWhenAskedFor()
    {
        await using var scene = await TelemetryScene.StartAsync();
        var megabyte = $"{new string('x', 1 << 20)}end";
        await scene.SendAsync("logs", OtlpMessages.Request(OtlpMessages.Log($"text {megabyte}").Attribute(6, "large", megabyte)));
        await scene.SendAsync("traces", OtlpMessages.Request(OtlpMessages.Span(1, 1, name: "large").Attribute(9, "large", megabyte)));

        foreach (var path in (string[])["/structuredlogs?log=1", $"/traces/detail/{Trace}?span=0000000000000001"])
        {
            await scene.OpenAsync(path);
            var attribute = scene.Page.Locator(".pane dd").Filter(new() { HasText = "xxxx" });
            await Expect(attribute.Locator(".attribute-value")).Not.ToContainTextAsync("end");
            await attribute.GetByText($"All {megabyte.Length} characters").ClickAsync();
            await Expect(attribute.Locator(".attribute-value")).ToHaveTextAsync(megabyte);
        }

        await scene.OpenAsync("/structuredlogs");
        Assert.InRange((await scene.Page.ContentAsync()).Length, 1, 200_000);
    }

    [Fact]
    public async Task Times_OfZeroOrFarAway_AreShownAndHarmNothing()
    {
        await using var scene = await TelemetryScene.StartAsync();
        var complaints = scene.Page.Complaints();
        await scene.SendAsync("logs", OtlpMessages.Request(OtlpMessages.Log("unknown", time: 0), OtlpMessages.Log("future", time: ulong.MaxValue), OtlpMessages.Log("usual", time: Now)));
        await scene.SendAsync("traces", OtlpMessages.Request(
            OtlpMessages.Span(1, 1, name: "endless", start: 1, end: ulong.MaxValue),
            OtlpMessages.Span(1, 2, parent: 1, name: "backwards", start: Now, end: 1),
            OtlpMessages.Span(2, 3, name: "timeless", start: 0, end: 0)));
        await scene.SendAsync("metrics", OtlpMessages.Request(
            OtlpMessages.Gauge("level", OtlpMessages.Number(1, 0), OtlpMessages.Number(2, ulong.MaxValue, attribute: "future"), OtlpMessages.Number(3, Now, attribute: "usual"))));

        await scene.OpenAsync("/structuredlogs");
        await Expect(scene.Page.Locator("tr[data-log]")).ToHaveCountAsync(3);
        await Expect(scene.Page.Locator("tr[data-log]").Filter(new() { HasText = "future" })).ToContainTextAsync("2554-07-2");
        await scene.OpenAsync("/traces");
        await Expect(scene.Page.Locator("tr[data-trace]")).ToHaveCountAsync(2);
        await scene.OpenAsync($"/traces/detail/{Trace}?span=0000000000000002");
        await Expect(scene.Page.Locator("tr[data-span]")).ToHaveCountAsync(2);
        await Expect(scene.Page.Locator(".pane h2")).ToHaveTextAsync("backwards");
        await scene.OpenAsync("/metrics?meter=test&instrument=level&split=key");
        await Expect(scene.Page.Locator(".chart-legend")).ToContainTextAsync("usual");

        Assert.Empty(complaints);
    }

    private static async Task SendEvilAsync(TelemetryScene scene)
    {
        var (now, end) = (Now, new ProtobufWriter().Text(2, Payload).Varint(3, 2));
        await scene.SendAsync("logs", OtlpMessages.Request(Payload, Payload, Payload, OtlpMessages.Log(Payload, severity: 17, trace: 1, span: 1)
            .Attribute(6, Payload, Payload).Attribute(6, "exception.message", Payload).Attribute(6, "exception.stacktrace", Payload)));
        await scene.SendAsync("traces", OtlpMessages.Request(Payload, Payload, Payload, OtlpMessages.Span(1, 1, name: Payload).Attribute(9, Payload, Payload).Message(15, end)
            .Message(11, new ProtobufWriter().Fixed64(1, now).Text(2, Payload).Attribute(3, Payload, Payload))
            .Message(13, new ProtobufWriter().Bytes(1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).Bytes(2, [0, 0, 0, 0, 0, 0, 0, 1]).Attribute(4, Payload, Payload))));
        await scene.SendAsync("metrics", OtlpMessages.Request(Payload, Payload, Payload, OtlpMessages.Gauge(
            Payload, new ProtobufWriter().Fixed64(3, now).Double(4, 1).Attribute(7, Payload, Payload))));
        foreach (var service in (string[])[Payload, "gateway"])
        {
            await scene.SendAsync("metrics", OtlpMessages.Request(service, service, "Microsoft.AspNetCore.Hosting", OtlpMessages.Histogram(
                "http.server.request.duration", OtlpMessages.Distribution([5], [], now, start: now - OtlpMessages.Second, status: 200))));
        }
    }
}
