using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace HighAvail.Drill.Bench.Telemetry;

/// <summary>The dashboard by itself, as somebody starts it who only wants to see telemetry.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    public const string KeyHeader = "x-otlp-api-key";
    public const string Key = "bench-0123456789";

    private readonly Process _process;

    private DashboardProcess(Process process, Uri pages, Uri grpc, Uri http) => (_process, Pages, Grpc, Http) = (process, pages, grpc, http);

    public Uri Pages { get; }

    public Uri Grpc { get; }

    public Uri Http { get; }

    /// <summary>How long it took from the start of the process to the first page.</summary>
    public TimeSpan FirstPage { get; private set; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that is its own or that it shares, in MiB.</summary>
    public double Mebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <exception cref="DrillException">It does not start.</exception>
    public static async Task<DashboardProcess> StartAsync(CancellationToken cancellationToken)
    {
        var assembly = typeof(DashboardProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "DashboardAssembly").Value!;
        var (pages, grpc, http) = (FreeAddress(), FreeAddress(), FreeAddress());
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("dotnet", [assembly])
        {
            Environment =
            {
                ["ASPNETCORE_URLS"] = pages.ToString(),
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = grpc.ToString(),
                ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = http.ToString(),
                ["Dashboard__Otlp__PrimaryApiKey"] = Key,
                ["Dashboard__Frontend__AuthMode"] = "Unsecured",
            },
        })!;
        var dashboard = new DashboardProcess(process, pages, grpc, http);
        try
        {
            await dashboard.WaitAsync(cancellationToken);
            dashboard.FirstPage = Stopwatch.GetElapsedTime(started);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Pages };
        while (true)
        {
            if (_process.HasExited)
            {
                throw new DrillException("The dashboard did not start. What it says stands above.");
            }

            try
            {
                using var page = await client.GetAsync("/traces", cancellationToken);
                page.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(10, cancellationToken);
            }
        }
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }
}
