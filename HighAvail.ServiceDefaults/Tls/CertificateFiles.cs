using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HighAvail.ServiceDefaults.Tls;

/// <summary>A certificate and its private key, which a password may protect, in two PEM files, each replaced by rename when the certificate is renewed.</summary>
internal sealed record CertificateFiles(string Path, string KeyPath, string? Password = null)
{
    /// <summary>Changes whenever one of the files is replaced.</summary>
    public (DateTime, DateTime) Version => (File.GetLastWriteTimeUtc(Path), File.GetLastWriteTimeUtc(KeyPath));

    /// <exception cref="CryptographicException">There is no certificate or no key in them, or the two do not belong together.</exception>
    public X509Certificate2 Load()
    {
        var certificate = LoadPem();
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS cannot use a key that exists in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private X509Certificate2 LoadPem()
    {
        try
        {
            return string.IsNullOrEmpty(Password)
                ? X509Certificate2.CreateFromPemFile(Path, KeyPath)
                : X509Certificate2.CreateFromEncryptedPemFile(Path, Password, KeyPath);
        }
        catch (ArgumentException exception)
        {
            throw new CryptographicException($"The key in '{KeyPath}' does not belong to the certificate in '{Path}'.", exception);
        }
    }
}
