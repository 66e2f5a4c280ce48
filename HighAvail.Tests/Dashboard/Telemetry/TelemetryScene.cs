using System.Net.Http.Headers;
using HighAvail.Dashboard.Telemetry.Otlp;
using Microsoft.Playwright;

namespace HighAvail.Tests.Dashboard.Telemetry;

/// <summary>A dashboard without a host, a program that sends it telemetry, and a browser.</summary>
internal sealed class TelemetryScene : IAsyncDisposable
{
    private readonly HttpClient _client = new();
    private readonly Chromium _browser;
    private readonly DashboardProcess _dashboard;

    private TelemetryScene(DashboardProcess dashboard, Chromium browser, IPage page) => (_dashboard, _browser, Page) = (dashboard, browser, page);

    /// <summary>A page of a person who has the token.</summary>
    public IPage Page { get; }

    public static async Task<TelemetryScene> StartAsync()
    {
        var browser = await Chromium.StartAsync();
        var dashboard = await DashboardProcess.StartAsync();
        var page = await browser.NewPageAsync(dashboard.Address);
        await page.GotoAsync($"/login?t={DashboardProcess.Token}");
        await page.ReadyAsync();
        return new(dashboard, browser, page);
    }

    /// <summary>Sends what is kept.</summary>
    /// <param name="signal">Traces, logs or metrics.</param>
    /// <param name="message">An export request.</param>
    public async Task SendAsync(string signal, byte[] message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_dashboard.Otlp, $"/v1/{signal}")) { Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Headers.Add(ApiKeys.Header, DashboardProcess.OtlpKey);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Opens a page and waits until it answers.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.ReadyAsync();
    }

    /// <summary>The address of the page, opened by somebody to whom it was sent.</summary>
    public async Task<IPage> SendAddressAsync()
    {
        var other = await Page.Context.NewPageAsync();
        await other.GotoAsync(Page.Url);
        await other.ReadyAsync();
        return other;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _browser.DisposeAsync();
        await _dashboard.DisposeAsync();
    }
}
