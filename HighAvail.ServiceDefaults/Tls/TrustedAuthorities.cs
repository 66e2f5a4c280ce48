using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace HighAvail.ServiceDefaults.Tls;

/// <summary>
/// The certificate authorities that this process trusts: those of the system, and the one in the PEM file
/// that <c>HighAvail:TrustedAuthority</c> names.
/// </summary>
public sealed class TrustedAuthorities
{
    internal const string FileKey = "HighAvail:TrustedAuthority";

    private readonly X509Certificate2Collection? _own;
    private readonly Lazy<X509ChainPolicy> _policy;

    /// <summary>Reads the configured authority, if there is one.</summary>
    /// <param name="configuration">The configuration with the path of the PEM file.</param>
    /// <exception cref="InvalidOperationException">The configured file cannot be read or holds no certificate.</exception>
    public TrustedAuthorities(IConfiguration configuration)
    {
        if (configuration[FileKey] is { Length: > 0 } path)
        {
            _own = Load(path);
        }

        _policy = new Lazy<X509ChainPolicy>(CreatePolicy);
    }

    /// <summary>Makes a handler trust these authorities. Without an own authority the handler is left as it is, with the trust of the system.</summary>
    /// <param name="handler">The handler of the client's connections.</param>
    public void Apply(SocketsHttpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_own is not null)
        {
            handler.SslOptions.CertificateChainPolicy = _policy.Value;
        }
    }

    // CustomRootTrust *replaces* the trust of the system, and roots in ExtraStore are not trusted at all: to trust one more authority,
    // the system's roots have to be listed as well.
    private X509ChainPolicy CreatePolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // As SslStream does by default; a development authority publishes no revocation list.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(_own!);
        AddRoots(policy, StoreLocation.LocalMachine);
        AddRoots(policy, StoreLocation.CurrentUser);
        return policy;
    }

    private static void AddRoots(X509ChainPolicy policy, StoreLocation location)
    {
        using var store = new X509Store(StoreName.Root, location);
        try
        {
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        }
        catch (CryptographicException)
        {
            // There is no such store for this user.
            return;
        }

        policy.CustomTrustStore.AddRange(store.Certificates);
    }

    private static X509Certificate2Collection Load(string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"The authority in {FileKey} ('{path}') cannot be read.", exception);
        }

        return certificates.Count > 0
            ? certificates
            : throw new InvalidOperationException($"The file in {FileKey} ('{path}') holds no certificate.");
    }
}
