using System.Globalization;
using System.Text.RegularExpressions;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard.ConsoleLogs;

/// <summary>Against a small host with programs that print what a test needs.</summary>
public class ConsoleLogsPageTests
{
    [Fact]
    public async Task Lines_WithColoursAndHtml_AreShownAsTerminalsShowThem()
    {
        await using var scene = await Scene.StartAsync(b => b
            .AddServer("server", "printf '\\033[31mred\\033[0m and <b>bold</b><script>alert(1)</script>\\n'; echo trouble >&2; exec sleep 600"));
        var page = await scene.LogInAsync("/consolelogs/resource/server");

        await Expect(page.Locator(".console-lines .text").First).ToHaveTextAsync("red and <b>bold</b><script>alert(1)</script>");
        await Expect(page.Locator(".console-lines .text span").First).ToHaveTextAsync("red");
        await Expect(page.Locator(".console-lines tr.error")).ToContainTextAsync("trouble");
        await Expect(page.Locator(".console-lines .text b")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Lines_AsTheyArePrinted_AreShownUntilPaused()
    {
        using var folder = new TemporaryFolder();
        var fifo = Path.Combine(folder.Path, "fifo");
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", $"mkfifo {fifo}; while :; do cat {fifo}; done"));
        var page = await scene.LogInAsync("/consolelogs/resource/server");

        await PrintAsync("first");
        await Expect(page.Locator(".console-lines")).ToContainTextAsync("first");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on (0 new)" })).ToBeVisibleAsync();
        await PrintAsync("second");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on (1 new)" })).ToBeVisibleAsync();
        await Expect(page.Locator(".console-lines")).Not.ToContainTextAsync("second");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.Locator(".console-lines")).ToContainTextAsync("second");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.GetByText("Nothing has been printed yet.")).ToBeVisibleAsync();
        await PrintAsync("third");
        await Expect(page.Locator(".console-lines .text")).ToHaveTextAsync("third");

        async Task PrintAsync(string line)
        {
            await Eventually.TrueAsync(() => File.Exists(fifo));
            await File.WriteAllTextAsync(fifo, $"{line}\n", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Lines_ByTheThousand_AreDrawnOnlyWhereSomeoneLooks()
    {
        await using var scene = await Scene.StartAsync(b =>
        {
            b.AddServer("server", "seq -f 'line %.0f' 10000; exec sleep 600");
            b.AddServer("other", "seq -f 'other %.0f' 10000; exec sleep 600");
        });
        var page = await scene.LogInAsync("/consolelogs");

        await Expect(page.Locator(".console-footer")).ToHaveTextAsync("20,000 lines");
        await Expect(page.Locator(".console-lines")).ToContainTextAsync("10000");
        Assert.InRange(await page.Locator(".console-lines tr").CountAsync(), 20, 200);
        await page.GetByLabel("Filter lines").FillAsync("LINE 777");
        await Expect(page.Locator(".console-footer")).ToHaveTextAsync("11 lines of 20,000");
        await page.AddressAsync("/consolelogs?filter=LINE%20777");
    }

    [Fact]
    public async Task Lines_HundredThousand_AreAllThereFromTheFirstToTheLast()
    {
        await using var scene = await Scene.StartAsync(b =>
        {
            for (var i = 0; i < 10; i++)
            {
                b.AddServer($"server{i}", "seq -f 'line %.0f' 10000; exec sleep 600");
            }
        });
        var page = await scene.LogInAsync("/consolelogs");
        var console = page.Locator(".console");

        await Expect(page.Locator(".console-footer")).ToHaveTextAsync("100,000 lines");
        await Expect(console).ToContainTextAsync("line 10000");
        await console.EvaluateAsync("console => console.scrollTop = 0");
        await Expect(page.Locator(".console-lines .text").First).ToHaveTextAsync("line 1", new() { Timeout = 60_000 });
        await console.EvaluateAsync("console => console.scrollTop = console.scrollHeight / 2");
        // What is above stands there as empty space, of 20 px a line.
        await Eventually.TrueAsync(() => page.Locator(".console-lines tbody tr").First.EvaluateAsync<bool>("space => space.offsetHeight > 500_000"));
        await Expect(page.Locator(".console-lines .text").First).ToHaveTextAsync(new Regex("line [0-9]+"));
        await console.EvaluateAsync("console => console.scrollTop = console.scrollHeight");
        await Expect(page.Locator(".console-lines .text").Last).ToHaveTextAsync("line 10000");
        Assert.InRange(await page.Locator(".console-lines tr").CountAsync(), 20, 200);
    }

    [Fact]
    public async Task Lines_FasterThanTheyCanBeRead_AreCountedWhereTheyAreMissing()
    {
        const int Printed = 300_000;
        using var folder = new TemporaryFolder();
        var start = Path.Combine(folder.Path, "start");
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", $"echo ready; mkfifo {start}; cat {start}; seq -f 'line %.0f' {Printed}; exec sleep 600"));
        var page = await scene.LogInAsync("/consolelogs/resource/server");
        await Expect(page.Locator(".console-lines")).ToContainTextAsync("ready");

        await Eventually.TrueAsync(() => File.Exists(start));
        await File.WriteAllTextAsync(start, "", TestContext.Current.CancellationToken);

        await Expect(page.Locator(".console-lines .text").Last).ToHaveTextAsync($"line {Printed}");
        var (shown, dropped, skipped) = Counts(await page.Locator(".console-footer").TextContentAsync() ?? "");
        Assert.Equal(Printed + 1, shown + dropped + skipped);
        Assert.InRange(shown, 1, 100_000);
    }

    [Fact]
    public async Task Download_HoldsWhatTheHostKeeps()
    {
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", "printf '\\033[31mred\\033[0m line\\n'; exec sleep 600"));
        var page = await scene.LogInAsync("/consolelogs/resource/server");
        await Expect(page.Locator(".console-lines")).ToContainTextAsync("red line");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download").ClickAsync());

        Assert.StartsWith("server-", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.EndsWith(" server red line\n", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // As in "100,000 lines, 30,000 older ones dropped, 2,000 skipped because …".
    private static (long Shown, long Dropped, long Skipped) Counts(string footer)
    {
        return (Number(" lines"), Number(" older"), Number(" skipped"));

        long Number(string what) => Regex.Match(footer, $"([0-9,]+){what}") is { Success: true } match
            ? long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            : 0;
    }
}
