using Microsoft.Playwright;

namespace HighAvail.Tests.Infrastructure;

/// <summary>Chromium as it is installed, without a window. Each page has a profile of its own.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] _programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        (_playwright, _browser) = (playwright, browser);
    }

    /// <summary>Starts one; without one the test is skipped, or fails on a build machine.</summary>
    public static async Task<Browser> StartAsync()
    {
        var program = _programs.FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") is null, "Chromium is not installed.");
            Assert.Fail("Chromium is not installed: apt-get install chromium");
        }

        var playwright = await Playwright.CreateAsync();
        // A root shell has no sandbox for it.
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    /// <summary>A new page, in a profile that has seen nothing yet. Certificates of a test's own authority are taken.</summary>
    public async Task<IPage> OpenAsync(string address)
    {
        var context = await _browser.NewContextAsync(new() { IgnoreHTTPSErrors = true, BaseURL = address, ViewportSize = new() { Width = 1440, Height = 1000 } });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
