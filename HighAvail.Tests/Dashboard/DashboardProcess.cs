using System.Reflection;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Dashboard;

/// <summary>The dashboard alone, as a process of its own.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    public const string Token = "a-token-of-the-tests";

    public const string OtlpKey = "a-key-of-the-tests";

    private readonly TestProcess _process;

    private DashboardProcess(TestProcess process, Uri address, Uri otlp) => (_process, Address, Otlp) = (process, address, otlp);

    /// <summary>The built program, which lies with its pages.</summary>
    public static string Assembly { get; } = typeof(Projects.HighAvail_AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "apphostdashboard").Value!;

    public Uri Address { get; }

    /// <summary>Where it receives telemetry over HTTP.</summary>
    public Uri Otlp { get; }

    public string Output => _process.Output;

    /// <summary>Starts it on a free port, and waits until it answers.</summary>
    public static Task<DashboardProcess> StartAsync(params (string Name, string Value)[] settings) => StartAsync(LoopbackPort.Free(), settings);

    /// <summary>Starts it on a port, and waits until it answers.</summary>
    public static async Task<DashboardProcess> StartAsync(int port, params (string Name, string Value)[] settings)
    {
        var environment = ProcessEnvironment.Inherited();
        var address = new Uri($"http://localhost:{port}");
        var otlp = new Uri($"http://localhost:{LoopbackPort.Free()}");
        environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{LoopbackPort.Free()}";
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = otlp.GetLeftPart(UriPartial.Authority);
        environment["DASHBOARD__OTLP__PRIMARYAPIKEY"] = OtlpKey;
        environment["DASHBOARD__FRONTEND__BROWSERTOKEN"] = Token;
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var process = await TestProcess.StartAsync(new ProcessSpec("dotnet", [Assembly], Path.GetDirectoryName(Assembly)!, environment));
        using var client = new HttpClient { BaseAddress = address };
        await process.WaitUntilHealthyAsync(client);
        return new(process, address, otlp);
    }

    /// <summary>A client that keeps cookies and follows nothing.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
