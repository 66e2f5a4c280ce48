using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.Control;
using static Microsoft.Playwright.Assertions;

namespace HighAvail.Tests.Dashboard.Resources;

/// <summary>Against a small host that says what a test needs.</summary>
public class ResourceDetailsTests
{
    private const string Payload = "<b class=evil>x</b><img src=x onerror=\"window.evil=1\"><script>window.evil=1</script>'\"&amp;";

    [Fact]
    public async Task Html_InWhatTheHostSays_IsText()
    {
        await using var scene = await Scene.StartAsync(b => b.AddServer("server", $"echo '{Payload.Replace("'", "", StringComparison.Ordinal)}'; exec sleep 600")
            .WithEnvironment("EVIL", Payload).WithUrl("http://localhost:1/", Payload).WithCommand("evil", Payload, _ => Task.FromResult(CommandResults.Failure(Payload))));
        var page = await scene.LogInAsync("/?resource=server");
        var complaints = page.Complaints();

        await Expect(page.Locator(".environment")).ToContainTextAsync(Payload);
        await page.Row("server").GetByTitle("More").ClickAsync();
        await page.Locator("#menu-server").GetByText(Payload).ClickAsync();
        await Expect(page.Locator(".command-run")).ToContainTextAsync(Payload);
        foreach (var path in (string[])["/?resource=server", $"/?resource={Uri.EscapeDataString(Payload)}", $"/?search={Uri.EscapeDataString(Payload)}", "/consolelogs/resource/server", "/availability"])
        {
            await page.GotoAsync(path);
            await page.ReadyAsync();
            await Expect(page.Locator("h1")).ToBeVisibleAsync();
            Assert.Equal(0, await page.Locator(".evil, img, body script:not([src])").CountAsync());
            Assert.False(await page.EvaluateAsync<bool>("'evil' in window"), path);
        }

        Assert.Empty(complaints);
    }
}
