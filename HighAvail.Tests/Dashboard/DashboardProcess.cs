using System.Reflection;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Dashboard;

/// <summary>The dashboard alone, as a process of its own.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    public const string Token = "a-token-of-the-tests";

    private readonly TestProcess _process;

    private DashboardProcess(TestProcess process, Uri address) => (_process, Address) = (process, address);

    /// <summary>The built program, which lies with its pages.</summary>
    public static string Assembly { get; } = typeof(Projects.HighAvail_AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "apphostdashboard").Value!;

    public Uri Address { get; }

    public string Output => _process.Output;

    /// <summary>Starts it on a free port, and waits until it answers.</summary>
    public static Task<DashboardProcess> StartAsync(params (string Name, string Value)[] settings) => StartAsync(LoopbackPort.Free(), settings);

    /// <summary>Starts it on a port, and waits until it answers.</summary>
    public static async Task<DashboardProcess> StartAsync(int port, params (string Name, string Value)[] settings)
    {
        var environment = ProcessEnvironment.Inherited();
        var address = new Uri($"http://localhost:{port}");
        environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{LoopbackPort.Free()}";
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://localhost:{LoopbackPort.Free()}";
        environment["DASHBOARD__FRONTEND__BROWSERTOKEN"] = Token;
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var process = await TestProcess.StartAsync(new ProcessSpec("dotnet", [Assembly], Path.GetDirectoryName(Assembly)!, environment));
        using var client = new HttpClient { BaseAddress = address };
        await process.WaitUntilHealthyAsync(client);
        return new(process, address);
    }

    /// <summary>A client that keeps cookies and follows nothing.</summary>
    public HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
