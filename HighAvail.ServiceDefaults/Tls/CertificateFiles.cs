using System.Security.Cryptography.X509Certificates;

namespace HighAvail.ServiceDefaults.Tls;

/// <summary>A certificate and its private key in two PEM files, each replaced by rename when the certificate is renewed.</summary>
internal sealed record CertificateFiles(string Path, string KeyPath)
{
    /// <summary>Changes whenever one of the files is replaced.</summary>
    public (DateTime, DateTime) Version => (File.GetLastWriteTimeUtc(Path), File.GetLastWriteTimeUtc(KeyPath));

    public X509Certificate2 Load()
    {
        var certificate = X509Certificate2.CreateFromPemFile(Path, KeyPath);
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
}
