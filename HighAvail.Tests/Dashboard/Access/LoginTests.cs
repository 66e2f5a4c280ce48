using System.Net;

namespace HighAvail.Tests.Dashboard.Access;

public class LoginTests
{
    [Fact]
    public async Task Pages_WithoutALogin_LeadToTheLoginPageAndBack()
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();

        using var page = await client.GetAsync("/traces?x=1", TestContext.Current.CancellationToken);
        using var circuit = await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);
        using var download = await client.GetAsync("/consolelogs/download", TestContext.Current.CancellationToken);

        Assert.Equal("/login?returnUrl=%2Ftraces%3Fx%3D1", page.Headers.Location!.PathAndQuery);
        Assert.Equal(HttpStatusCode.Unauthorized, circuit.StatusCode);
        Assert.StartsWith("/login?", download.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("a-token-of-the-tests-and-more")]
    public async Task Login_WithAnotherToken_IsRefused(string token)
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();

        using var response = await client.GetAsync($"/login?t={token}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith(".HighAvail.Dashboard=", StringComparison.Ordinal)));
        Assert.Contains("not valid", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/traces?x=1", "/traces?x=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData(null, "/")]
    public async Task Login_WithTheToken_SetsACookieForThreeDaysAndStaysHere(string? returnUrl, string expected)
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();

        using var response = await client.GetAsync(
            $"/login?t={DashboardProcess.Token}&returnUrl={Uri.EscapeDataString(returnUrl ?? string.Empty)}", TestContext.Current.CancellationToken);
        using var page = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.Headers.Location!.OriginalString);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(".HighAvail.Dashboard=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        var until = DateTimeOffset.Parse(cookie.Split("expires=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(until, DateTimeOffset.UtcNow.AddDays(2.9), DateTimeOffset.UtcNow.AddDays(3.1));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Request_OfAForeignPageOrName_IsRefused()
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();
        using var foreignName = new HttpRequestMessage(HttpMethod.Get, "/login");
        foreignName.Headers.Host = "rebound.example";
        using var foreignPage = new HttpRequestMessage(HttpMethod.Get, "/_blazor");
        foreignPage.Headers.Add("Origin", "http://localhost:1");

        using var byName = await client.SendAsync(foreignName, TestContext.Current.CancellationToken);
        using var byPage = await client.SendAsync(foreignPage, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Forbidden), (byName.StatusCode, byPage.StatusCode));
    }

    [Fact]
    public async Task Form_WithoutItsAntiforgeryToken_IsRefused()
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();
        using var form = new FormUrlEncodedContent([new("token", DashboardProcess.Token)]);

        using var response = await client.PostAsync("/login", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Pages_WhenEverybodyMayLook_AreShownWithoutALogin()
    {
        await using var dashboard = await DashboardProcess.StartAsync(("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"));
        using var client = dashboard.CreateClient();

        using var page = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Page_ThatIsNotThere_IsToldWithItsStatus()
    {
        await using var dashboard = await DashboardProcess.StartAsync(("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"));
        using var client = dashboard.CreateClient();

        using var page = await client.GetAsync("/nowhere/at/all", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("There is no such page.", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_LetNoOtherScriptsRunAndNobodyFrameThem()
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        using var client = dashboard.CreateClient();
        using var login = await client.GetAsync($"/login?t={DashboardProcess.Token}", TestContext.Current.CancellationToken);

        using var page = await client.GetAsync("/", TestContext.Current.CancellationToken);

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutAToken_MakesOneAndPrintsTheLink()
    {
        await using var dashboard = await DashboardProcess.StartAsync(("DASHBOARD__FRONTEND__BROWSERTOKEN", ""));
        await Eventually.TrueAsync(() => dashboard.Output.Contains("/login?t=", StringComparison.Ordinal));
        using var client = dashboard.CreateClient();

        var link = dashboard.Output.Split('\n').Single(l => l.StartsWith("Login to the dashboard at ", StringComparison.Ordinal)).Split(' ')[^1];
        using var response = await client.GetAsync(new Uri(link), TestContext.Current.CancellationToken);

        Assert.Equal("/", response.Headers.Location!.OriginalString);
    }
}
