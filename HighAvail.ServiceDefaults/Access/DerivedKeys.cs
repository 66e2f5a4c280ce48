using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>
/// Secrets that all replicas of all services have in common, one for each purpose, made from the service key (HKDF, RFC 5869): what one of them has become known
/// for says nothing about the others.
/// </summary>
public sealed class DerivedKeys
{
    private const int Length = 32;

    private readonly byte[] _serviceKey;

    internal DerivedKeys(IOptions<ServiceKeyOptions> options) => _serviceKey = Encoding.UTF8.GetBytes(options.Value.ServiceKey!);

    /// <summary>The secret for a purpose, 256 bits. It is another one when the service key is changed.</summary>
    /// <param name="purpose">What it is for.</param>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _serviceKey, Length, info: Encoding.UTF8.GetBytes(purpose));
}
