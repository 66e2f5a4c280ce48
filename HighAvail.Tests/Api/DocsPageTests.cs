using System.Net;
using HighAvail.Tests.EndToEnd;
using Microsoft.Playwright;

namespace HighAvail.Tests.Api;

/// <summary>The page on which a person tries the API, in a browser.</summary>
[Collection(nameof(RunningSystem))]
public sealed class DocsPageTests(RunningSystem running)
{
    [Fact]
    public async Task Page_SignInAndPlaceAnOrder_IsPlaced()
    {
        await using var browser = await Browser.StartAsync();
        using var client = running.CreateClient();
        var address = client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var page = await browser.OpenAsync(address);
        var elsewhere = new List<string>();
        var complaints = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && new Uri(request.Url).Scheme is not ("data" or "blob"))
            {
                elsewhere.Add(request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal) || message.Text.Contains("configuration", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };

        // Everything as it stands in the examples.
        await page.GotoAsync("/docs");
        await ShowAsync(page, "Orders");
        var unknown = await SendAsync(page, "Places an order", "post /orders");
        await ShowAsync(page, "Users");
        var registered = await SendAsync(page, "Registers somebody", "post /auth/register");
        var signedIn = await SendAsync(page, "Signs in", "post /auth/login");
        await ShowAsync(page, "Orders");
        var first = await SendAsync(page, "Places an order", "post /orders");
        var second = await SendAsync(page, "Places an order", "post /orders");

        Assert.Equal([401, 201, 200, 201, 201], [unknown.Status, registered.Status, signedIn.Status, first.Status, second.Status]);
        Assert.Equal("pending", (await first.JsonAsync())!.Value.GetProperty("status").GetString());
        // What is asked anew is not a repetition.
        Assert.NotEqual((await first.JsonAsync())!.Value.GetProperty("id").GetString(), (await second.JsonAsync())!.Value.GetProperty("id").GetString());
        Assert.Empty(elsewhere);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Page_Policy_LetsInNothingButThePageItself()
    {
        using var client = running.CreateClient();

        using var first = await client.GetAsync("/docs/", Patience.Token);
        using var second = await client.GetAsync("/docs/", Patience.Token);

        var policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy.Split(';').Single(static part => part.Contains("script-src", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.NotEqual(policy, Assert.Single(second.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(first.Headers.CacheControl!.NoStore);
    }

    // The document that is shown is the first button of the page.
    private static async Task ShowAsync(IPage page, string document)
    {
        await page.GetByRole(AriaRole.Button).First.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = document, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = document, Exact = true, Level = 1 }).WaitForAsync();
    }

    // As a person does: find the call, open it, send it as it stands.
    private static async Task<IResponse> SendAsync(IPage page, string summary, string call)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = summary }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Test Request ({call})" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var answer = await page.RunAndWaitForResponseAsync(
            () => dialog.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync(),
            response => response.Request.Method == "POST");
        await answer.FinishedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close Client" }).ClickAsync();
        return answer;
    }
}
