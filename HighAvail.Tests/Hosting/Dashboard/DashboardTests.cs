using System.Net;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Dashboard;
using HighAvail.Tests.Hosting.Control;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Hosting.Dashboard;

public class DashboardTests
{
    [Fact]
    public async Task Start_BuiltWithADashboard_StartsItAndTellsWhereItIs()
    {
        using var folder = new TemporaryFolder();
        await using var app = Build(folder, b => b.AddServer("server").WithOtlpExporter());
        await app.StartAsync(TestContext.Current.CancellationToken);
        var host = HostFile.Read(app.Services.GetRequiredService<HostDirectories>().HostFile)!;
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        // At once: the address holds who comes before the dashboard is there.
        using var login = await LogInAsync(browser, new Uri(host.DashboardUrl!));

        Assert.Equal((HttpStatusCode.Redirect, "/"), (login.StatusCode, login.Headers.Location!.OriginalString));
        Assert.Equal(app.Services.GetRequiredService<DashboardAccess>().LoginUrl, host.DashboardUrl);
        browser.DefaultRequestHeaders.Add("X-Api-Key", host.ApiKey);
        var json = await browser.GetStringAsync($"{host.ControlUrl}/api/resources", TestContext.Current.CancellationToken);
        var resources = System.Text.Json.JsonSerializer.Deserialize(json, ControlJson.Default.ListResourceView)!;
        var (server, dashboard) = (resources.Single(r => r.Name == "server"), resources.Single(r => r.Name == "dashboard"));
        Assert.Equal(dashboard.Endpoints.Single(e => e.Name == "otlp-grpc").Url, server.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("x-otlp-api-key=******", server.Environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("******", dashboard.Environment["DASHBOARD__FRONTEND__BROWSERTOKEN"]);
        Assert.Equal("******", dashboard.Environment["DASHBOARD__OTLP__PRIMARYAPIKEY"]);
        Assert.DoesNotContain(dashboard.Commands, c => c.Name is "scale" or "rolling-restart");
    }

    // Who is held for too long is turned away, and comes again.
    private static async Task<HttpResponseMessage> LogInAsync(HttpClient browser, Uri address)
    {
        var patience = Patience.Token;
        while (true)
        {
            try
            {
                return await browser.GetAsync(address, patience);
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError != HttpRequestError.ConnectionError)
            {
                await Task.Delay(50, patience);
            }
        }
    }

    // What ends sends it the last of its telemetry.
    [Fact]
    public async Task Stop_DashboardRuns_EndsItLast()
    {
        using var folder = new TemporaryFolder();
        await using var app = Build(folder, b => b.AddExecutable("slow", "/bin/sh", folder.Path, "-c", "trap 'sleep 0.5; exit 0' INT TERM; while :; do sleep 0.05; done"));
        var notifications = app.ResourceNotifications;
        await app.StartAsync(TestContext.Current.CancellationToken);
        await notifications.WaitForResourceHealthyAsync("dashboard", TestContext.Current.CancellationToken);
        var ended = FirstEndedAsync(notifications, "slow", "dashboard");

        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("slow", await ended);
    }

    [Fact]
    public void Build_ModelHasAResourceOfThatName_TakesAnother()
    {
        using var folder = new TemporaryFolder();
        using var app = Build(folder, b => b.AddServer("Dashboard"));

        Assert.Equal("highavail-dashboard", app.Services.GetRequiredService<DashboardAccess>().Resource!.Name);
    }

    [Theory]
    [InlineData("--HighAvail:DisableDashboard=true")]
    [InlineData("--publisher=manifest", "--output-path=manifest.json")]
    [InlineData("ps")]
    public void Build_WhereNoneIsWanted_AddsNone(params string[] args)
    {
        using var folder = new TemporaryFolder();
        using var app = Build(folder, b => b.AddServer("server"), args);

        Assert.Null(app.Services.GetRequiredService<DashboardAccess>().Resource);
        Assert.Equal(["server"], app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Select(r => r.Name));
    }

    [Theory]
    [InlineData("--ASPNETCORE_URLS=http://+:18888")]
    [InlineData("--ASPNETCORE_URLS=https://localhost:18888")]
    [InlineData("--ASPNETCORE_URLS=nonsense")]
    [InlineData("--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://192.0.2.1:18889")]
    public void Build_AddressIsNotOnThisMachine_SaysWhatIsAllowed(string setting)
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<DistributedApplicationException>(() => Build(folder, b => b.AddServer("server"), setting));

        Assert.StartsWith($"The dashboard cannot listen on '{setting.Split('=')[1]}'", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string> FirstEndedAsync(ResourceNotificationService notifications, params string[] names)
    {
        await foreach (var change in notifications.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (names.Contains(change.Resource.Name) && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
            {
                return change.Resource.Name;
            }
        }

        throw new InvalidOperationException("Nothing ended.");
    }

    // An app host in this process that is built with the dashboard.
    private static DistributedApplication Build(TemporaryFolder folder, Action<IDistributedApplicationBuilder> describe, params string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AssemblyName = typeof(Projects.HighAvail_AppHost).Assembly.FullName,
            ProjectDirectory = folder.Path,
            Args = [.. args, $"--{HostSettings.StateDirectory}={folder.Path}", $"--{HostSettings.RandomizePorts}=true"],
        });
        describe(builder);
        return builder.Build();
    }
}
