using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace HighAvail.AppHost.Edge;

/// <summary>
/// Has HAProxy take up a renewed certificate: a new worker takes the new connections, the old one ends with those it has. What is compared is what
/// a client is shown, so that a reload that failed is tried again.
/// </summary>
internal sealed partial class CertificateReload(TimeProvider time, ILogger<CertificateReload> logger) : IDisposable
{
    // Renewed certificates come weeks before the old ones end.
    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // SIGUSR2 on Linux; on macOS and BSD.
    private static readonly int _reload = OperatingSystem.IsLinux() ? 12 : 31;

    private ITimer? _timer;

    /// <summary>Looks from now on.</summary>
    /// <param name="files">The certificate, and the file with the id of the process to tell.</param>
    /// <param name="port">Where clients are shown it.</param>
    public void Watch(EdgeFiles files, int port)
    {
        // The edge was started again.
        _timer?.Dispose();
        _timer = time.CreateTimer(_ => _ = CheckAsync(files, port), null, _interval, _interval);
    }

    public void Dispose() => _timer?.Dispose();

    private async Task CheckAsync(EdgeFiles files, int port)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(files.Certificate));
            if (await IsShownAsync(certificate, port))
            {
                return;
            }

            var id = int.Parse(await File.ReadAllTextAsync(files.ProcessId), CultureInfo.InvariantCulture);
            if (Kill(id, _reload) == 0)
            {
                LogReloaded(id);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or CryptographicException or FormatException or OperationCanceledException)
        {
            // It is just starting, and reads the certificate by itself, or there is none just now.
            LogNotCompared(exception);
        }
    }

    private static async Task<bool> IsShownAsync(X509Certificate2 certificate, int port)
    {
        using var limit = new CancellationTokenSource(_patience);
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", port, limit.Token);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint);
        try
        {
            await tls.AuthenticateAsClientAsync(new() { TargetHost = "localhost" }, limit.Token);
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [LoggerMessage(Level = LogLevel.Information, Message = "The edge (process {ProcessId}) takes up a renewed certificate.")]
    private partial void LogReloaded(int processId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The edge's certificate could not be compared with the one it shows. Trying again in an hour.")]
    private partial void LogNotCompared(Exception exception);
}
