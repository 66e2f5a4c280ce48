using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace HighAvail.ServiceDefaults.Tls;

/// <summary>The certificate this server shows. It follows its files; while they are unreadable, the last good one stays.</summary>
/// <remarks>
/// Handshakes look at the files' times, at most once a second. That costs less than a file watcher, which would also wake up for
/// every other file in the folder, and needs no thread.
/// </remarks>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan _checkInterval = TimeSpan.FromSeconds(1);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _logger;
    private readonly Lock _reload = new();
    private volatile SslStreamCertificateContext _current;
    private (DateTime, DateTime) _version;
    private long _lastCheck;

    /// <summary>Loads the certificate.</summary>
    /// <exception cref="CryptographicException">The files hold no certificate with its key.</exception>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public ServerCertificate(CertificateFiles files, TimeProvider time, ILogger<ServerCertificate> logger)
    {
        (_files, _time, _logger) = (files, time, logger);
        _version = files.Version;
        _lastCheck = time.GetTimestamp();
        _current = Load();
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _lastCheck)) >= _checkInterval && _reload.TryEnter())
            {
                try
                {
                    ReloadIfChanged();
                    Volatile.Write(ref _lastCheck, _time.GetTimestamp());
                }
                finally
                {
                    _reload.Exit();
                }
            }

            return _current;
        }
    }

    private void ReloadIfChanged()
    {
        var version = _files.Version;
        if (version == _version)
        {
            return;
        }

        try
        {
            // Connections that are still being set up may use the old one, so it is left to the garbage collector.
            _current = Load();
            LogRenewed(_files.Path, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Also the moment between the two renames, in which certificate and key do not belong together.
            LogUnreadable(exception, _files.Path);
        }

        _version = version;
    }

    private SslStreamCertificateContext Load() => SslStreamCertificateContext.Create(_files.Load(), additionalCertificates: null, offline: true);

    [LoggerMessage(LogLevel.Information, "Certificate {Path} was renewed, valid until {NotAfter:O}.")]
    private partial void LogRenewed(string path, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "Certificate {Path} has changed but cannot be used. The last good one stays in use.")]
    private partial void LogUnreadable(Exception exception, string path);
}
