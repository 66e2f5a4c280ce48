using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HighAvail.Drill.Bench;

/// <summary>HAProxy before the replicas of a service, as somebody would set it up who wants nothing but speed: TLS on both sides, HTTP/2 to the service.</summary>
internal sealed class HaproxyProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private HaproxyProcess(Process process, DirectoryInfo folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    /// <param name="replicas">The addresses of the replicas.</param>
    /// <param name="pki">The folder with the system's certificate, its key and the authority.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="DrillException">There is no program <c>haproxy</c>, or it does not start.</exception>
    public static async Task<HaproxyProcess> StartAsync(IReadOnlyList<Uri> replicas, string pki, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("highavail-bench-");
        var certificate = Path.Combine(folder.FullName, "tls.pem");
        await File.WriteAllTextAsync(
            certificate,
            await File.ReadAllTextAsync(Path.Combine(pki, "tls.crt"), cancellationToken) + await File.ReadAllTextAsync(Path.Combine(pki, "tls.key"), cancellationToken),
            cancellationToken);
        var port = FreePort();
        var configuration = Path.Combine(folder.FullName, "haproxy.cfg");
        await File.WriteAllTextAsync(configuration, Configuration(replicas, port, certificate, Path.Combine(pki, "ca.crt")), cancellationToken);

        var haproxy = new HaproxyProcess(Run(configuration), folder, new Uri($"https://localhost:{port}"));
        try
        {
            await haproxy.WaitAsync(port, cancellationToken);
            return haproxy;
        }
        catch
        {
            await haproxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Run(string configuration)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("haproxy") { ArgumentList = { "-db", "-f", configuration } })!;
        }
        catch (Win32Exception exception)
        {
            throw new DrillException("HAProxy is not installed, which the gateway is compared with. Install the package 'haproxy'.", exception);
        }
    }

    private async Task WaitAsync(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_process.HasExited)
            {
                throw new DrillException("HAProxy did not start. What it says stands above.");
            }

            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    // As many threads as there are cores, which is its own default.
    private static string Configuration(IReadOnlyList<Uri> replicas, int port, string certificate, string authority)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            defaults
                mode http
                timeout connect 1s
                timeout client 20s
                timeout server 20s
                http-reuse always
            frontend clients
                bind 127.0.0.1:{port} ssl crt {certificate} alpn http/1.1
                default_backend service
            backend service
                balance leastconn

            """);
        for (var i = 0; i < replicas.Count; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    server replica-{i} {replicas[i].Host}:{replicas[i].Port} ssl verify required ca-file {authority} verifyhost localhost sni str(localhost) alpn h2\n");
        }

        return text.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
