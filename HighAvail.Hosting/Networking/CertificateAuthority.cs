using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// The development certificate authority, kept in a folder, and the one server certificate that it issues for everything on this machine.
/// </summary>
/// <remarks>
/// <para>
/// Keys are written once and kept. A renewal therefore replaces one file by one rename, and whoever reads key and certificate at
/// any moment gets a pair that fits; the very first certificate is written after its key.
/// </para>
/// <para>
/// People put this authority into their trust store, so it is constrained (RFC 5280, 4.2.1.10) to names that lead to this machine.
/// A service with a new name needs a new authority certificate, which the log says.
/// </para>
/// </remarks>
internal sealed partial class CertificateAuthority
{
    // Time for a person to react between a renewal and the end of what it replaces.
    private static readonly TimeSpan _leafRenewal = TimeSpan.FromDays(30);
    private static readonly TimeSpan _lockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _lockRetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly string _folder;
    private readonly HashSet<string> _names;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private X509Certificate2? _authority;

    /// <summary>Touches nothing yet.</summary>
    /// <param name="folder">Where the files are; created when missing.</param>
    /// <param name="serviceNames">Host names, besides those of the loopback, that clients call services by.</param>
    /// <param name="timeProvider">Says when a certificate is to be renewed.</param>
    /// <param name="logger">Told what was issued.</param>
    public CertificateAuthority(string folder, IEnumerable<string> serviceNames, TimeProvider timeProvider, ILogger<CertificateAuthority> logger)
    {
        _folder = Path.GetFullPath(folder);
        _names = serviceNames.Append("localhost").Select(name => name.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        _time = timeProvider;
        _logger = logger;
    }

    /// <summary>The authority's certificate (PEM), for everybody to read and trust.</summary>
    public string AuthorityPath => Path.Combine(_folder, "ca.crt");

    /// <summary>The authority's key (PEM), for the owner alone.</summary>
    public string AuthorityKeyPath => Path.Combine(_folder, "ca.key");

    /// <summary>The servers' certificate (PEM).</summary>
    public string CertificatePath => Path.Combine(_folder, "tls.crt");

    /// <summary>The servers' key (PEM), for the owner alone.</summary>
    public string KeyPath => Path.Combine(_folder, "tls.key");

    /// <summary>The authority's certificate, without its key. There is one after <see cref="EnsureAsync"/>.</summary>
    public X509Certificate2 Authority => _authority ?? throw new InvalidOperationException($"{nameof(EnsureAsync)} comes first.");

    /// <summary>Whether <see cref="EnsureAsync"/> has run.</summary>
    public bool Exists => _authority is not null;

    /// <summary>
    /// Creates or renews what is missing, expires soon, or does not cover the service names; otherwise changes nothing.
    /// Safe to call in several processes at once, and again while servers run.
    /// </summary>
    /// <exception cref="InvalidOperationException">A file cannot be read, written or understood; the message says what to do.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        Attempt(_folder, () => Directory.CreateDirectory(_folder));
        using var inUse = await LockAsync(cancellationToken);

        using var authorityKey = LoadOrCreateKey(AuthorityKeyPath);
        var authority = LoadCertificate(AuthorityPath);
        if (authority is null || !IsAuthorityGood(authority, authorityKey))
        {
            var replaced = authority is not null;
            authority?.Dispose();
            authority = DevelopmentCertificates.CreateAuthority(authorityKey, _names, _time.GetUtcNow());
            Save(AuthorityPath, authority.ExportCertificatePem(), ownerOnly: false);
            if (replaced)
            {
                LogAuthorityReplaced(AuthorityPath);
            }
            else
            {
                LogAuthorityCreated(AuthorityPath);
            }
        }

        _authority = authority;

        using var key = LoadOrCreateKey(KeyPath);
        using var leaf = LoadCertificate(CertificatePath);
        if (leaf is null || !IsLeafGood(leaf, key, authority))
        {
            using var issued = DevelopmentCertificates.CreateLeaf(key, _names, authority, authorityKey, _time.GetUtcNow());
            Save(CertificatePath, issued.ExportCertificatePem(), ownerOnly: false);
            var notAfter = issued.NotAfter.ToUniversalTime();
            LogLeafIssued(notAfter, CertificatePath);
        }
    }

    /// <summary>Trusts what this authority issued, and nothing else.</summary>
    public X509ChainPolicy CreateChainPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Authority },

        // The authority publishes no revocation list.
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private bool IsAuthorityGood(X509Certificate2 authority, ECDsa key) =>
        HasKey(authority, key)
        && HasTimeLeft(authority, DevelopmentCertificates.LeafLifetime)
        && _names.IsSubsetOf(DevelopmentCertificates.PermittedNames(authority));

    private bool IsLeafGood(X509Certificate2 leaf, ECDsa key, X509Certificate2 authority) =>
        HasKey(leaf, key)
        && HasTimeLeft(leaf, _leafRenewal)
        && DevelopmentCertificates.IsIssuedBy(leaf, authority)
        && _names.SetEquals(DevelopmentCertificates.Names(leaf));

    private bool HasTimeLeft(X509Certificate2 certificate, TimeSpan needed) =>
        certificate.NotAfter.ToUniversalTime() - _time.GetUtcNow().UtcDateTime >= needed;

    private static bool HasKey(X509Certificate2 certificate, ECDsa key) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());

    private static ECDsa LoadOrCreateKey(string path)
    {
        if (!File.Exists(path))
        {
            var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Save(path, created.ExportPkcs8PrivateKeyPem(), ownerOnly: true);
            return created;
        }

        return Attempt(path, () =>
        {
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        });
    }

    private static X509Certificate2? LoadCertificate(string path) =>
        File.Exists(path) ? Attempt(path, () => X509Certificate2.CreateFromPem(File.ReadAllText(path))) : null;

    private static void Save(string path, string pem, bool ownerOnly) => Attempt(path, () =>
    {
        var next = path + ".next";
        // One left by a process that was killed may have another mode.
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(next, options))
        {
            writer.WriteLine(pem);
        }

        if (!OperatingSystem.IsWindows() && !ownerOnly)
        {
            File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        File.Move(next, path, overwrite: true);
        return path;
    });

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, ".lock");
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException e) when (DiskSpace.IsExhausted(e))
            {
                throw new InvalidOperationException(DiskSpace.Message(path), e);
            }
            catch (IOException) when (_time.GetElapsedTime(started) < _lockTimeout)
            {
                await Task.Delay(_lockRetryDelay, _time, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InvalidOperationException($"{path} could not be opened for {_lockTimeout.TotalSeconds} s: {e.Message}", e);
            }
        }
    }

    private static T Attempt<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw new InvalidOperationException(DiskSpace.Message(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{path} cannot be used: {e.Message} Give yourself access to it, or delete it to have it made anew.", e);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException($"{path} is damaged: {e.Message} Delete it to have it made anew.", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created a certificate authority for this machine: {Path}.")]
    private partial void LogAuthorityCreated(string path);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Replaced the certificate authority {Path}: it did not fit its key or the services' names, or expires. Trust it again where you did.")]
    private partial void LogAuthorityReplaced(string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued a server certificate until {NotAfter:u}: {Path}.")]
    private partial void LogLeafIssued(DateTime notAfter, string path);
}
