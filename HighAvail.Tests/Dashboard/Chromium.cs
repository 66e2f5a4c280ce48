using System.Diagnostics.CodeAnalysis;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard;

/// <summary>The system's browser, which several tests share.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // Debian's; elsewhere whatever the variable names.
    private static readonly string _path = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    // Milliseconds. As long as other waits: it only decides how soon a failure is told.
    private const float Patience = 60_000;

    // It is there to be seen, not to be fetched.
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        if (!File.Exists(_path) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            Assert.Skip($"There is no browser {_path}. Install Debian's package chromium, or name another in CHROMIUM_PATH.");
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = _path, Args = _arguments, Headless = true }));
    }

    /// <summary>A page of a person who was never here before.</summary>
    /// <param name="baseUrl">Where addresses begin.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The browser closes its contexts.")]
    public async Task<IPage> NewPageAsync(Uri baseUrl, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = baseUrl.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
        });

        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
