using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HighAvail.Drill.Systems;

/// <summary>Which certificates of the gateway are accepted.</summary>
internal static class GatewayTrust
{
    /// <summary>Only those that an authority issued; or, without one, those that the machine trusts.</summary>
    /// <exception cref="DrillException">The file is not one of certificates.</exception>
    internal static X509ChainPolicy? ReadPolicy(string? authorityFile)
    {
        if (authorityFile is null)
        {
            return null;
        }

        // A development authority publishes no list of revoked certificates.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DrillException($"The authority's certificate cannot be read from {authorityFile}: {exception.Message}", exception);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new DrillException($"{authorityFile} holds no certificate in PEM form.");
    }
}
