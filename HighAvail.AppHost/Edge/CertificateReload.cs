using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace HighAvail.AppHost.Edge;

/// <summary>Has HAProxy take up a renewed certificate: a new worker takes the new connections, the old one ends with those it has.</summary>
internal sealed partial class CertificateReload(ILogger<CertificateReload> logger) : IDisposable
{
    // SIGUSR2 on Linux; on macOS and BSD.
    private static readonly int _reload = OperatingSystem.IsLinux() ? 12 : 31;

    private FileSystemWatcher? _watcher;

    /// <summary>Watches from now on.</summary>
    /// <param name="certificate">The file that is replaced by a renewal.</param>
    /// <param name="processId">The file with the id of the process to tell.</param>
    public void Watch(string certificate, string processId)
    {
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(certificate)!, Path.GetFileName(certificate));
        _watcher.Created += (_, _) => Reload(processId);
        _watcher.Changed += (_, _) => Reload(processId);
        _watcher.Renamed += (_, renamed) =>
        {
            if (renamed.FullPath == certificate)
            {
                Reload(processId);
            }
        };
        _watcher.EnableRaisingEvents = true;
    }

    public void Dispose() => _watcher?.Dispose();

    // One that is just starting reads the new certificate by itself.
    private void Reload(string processId)
    {
        if (File.Exists(processId) && int.TryParse(File.ReadAllText(processId), CultureInfo.InvariantCulture, out var id) && Kill(id, _reload) == 0)
        {
            LogReloaded(id);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [LoggerMessage(Level = LogLevel.Information, Message = "The edge (process {ProcessId}) takes up a renewed certificate.")]
    private partial void LogReloaded(int processId);
}
