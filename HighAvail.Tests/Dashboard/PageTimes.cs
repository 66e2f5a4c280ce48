using System.Diagnostics;
using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Dashboard.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard;

/// <summary>How soon a page shows what a person waits for: a measurement for docs/dashboard.md, made only when asked for.</summary>
public class PageTimes
{
    private const int Rounds = 5;
    private const int Traces = 10_000;
    private const int Batch = 500;

    [Fact(Explicit = true)]
    public async Task Pages_BuffersAreFull_AreTimed()
    {
        await using var scene = await TelemetryScene.StartAsync();
        for (var first = 1; first <= Traces; first += Batch)
        {
            var ids = Enumerable.Range(first, Batch).ToArray();
            await scene.SendAsync("traces", OtlpMessages.Request(ids.SelectMany(id => Enumerable.Range(1, 8).Select(
                span => OtlpMessages.Span((ulong)id, (ulong)((id * 8) + span), span == 1 ? 0 : (ulong)((id * 8) + 1), $"GET /orders/{span}")))));
            await scene.SendAsync("logs", OtlpMessages.Request(ids.Select(id => OtlpMessages.Log($"Order {id} was placed.", trace: (ulong)id, span: (ulong)((id * 8) + 1)))));
        }

        await scene.OpenAsync("/metrics");
        foreach (var (name, row) in ((string, string)[])[("Traces", "tr[data-trace]"), ("Structured", "tr[data-log]")])
        {
            await TimeAsync($"{name}, until the first row", async () =>
            {
                await scene.Page.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
                await Expect(scene.Page.Locator(row)).ToHaveCountAsync(0);
            }, async () =>
            {
                await scene.Page.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
                await scene.Page.Locator(row).First.WaitForAsync();
            });
        }
    }

    [Fact(Explicit = true)]
    public async Task Lines_AreTimedFromTheProgramToThePage()
    {
        using var folder = new TemporaryFolder();
        var fifo = Path.Combine(folder.Path, "fifo");
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", $"mkfifo {fifo}; while :; do cat {fifo}; done"));
        var page = await scene.LogInAsync("/consolelogs/resource/server");
        await Eventually.TrueAsync(() => File.Exists(fifo));
        var line = 0;

        await TimeAsync("a line", static () => Task.CompletedTask, async () =>
        {
            await File.WriteAllTextAsync(fifo, $"line {++line}\n", TestContext.Current.CancellationToken);
            await page.GetByText($"line {line}", new() { Exact = true }).WaitForAsync();
        });
    }

    // From the signal, which nobody told the host of, until the page says that the program is not what it was.
    [Fact(Explicit = true)]
    public async Task Kill_IsTimedUntilItIsSeen()
    {
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", "exec sleep 600"));
        var page = await scene.LogInAsync();
        var row = page.Row("server").Locator("td");

        await TimeAsync(
            "a kill",
            async () =>
            {
                if (KnownResourceStates.TerminalStates.Contains((await scene.Host.ResourceAsync("server")).State))
                {
                    await scene.Host.Application.ResourceCommands.ExecuteCommandAsync("server", KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken);
                }

                await scene.Host.UntilAsync("server", static server => server.Health == "Healthy");
                await Expect(row.Nth(1)).ToContainTextAsync("Running");
            },
            async () =>
            {
                var before = await row.Nth(1).TextContentAsync() + await row.Nth(2).TextContentAsync();
                using var process = Process.GetProcessById((await scene.Host.ResourceAsync("server")).Replicas.Single().ProcessId!.Value);
                process.Kill();
                while (await row.Nth(1).TextContentAsync() + await row.Nth(2).TextContentAsync() == before)
                {
                }
            });
    }

    private static async Task TimeAsync(string what, Func<Task> prepare, Func<Task> act)
    {
        var times = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            await prepare();
            var began = Stopwatch.GetTimestamp();
            await act();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        var first = times[0];
        times.RemoveAt(0);
        times.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {times[Rounds / 2]:F0} ms ({times[0]:F0}–{times[^1]:F0}), the first time {first:F0} ms"));
    }
}
