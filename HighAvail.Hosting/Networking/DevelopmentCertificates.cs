using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HighAvail.Hosting.Networking;

/// <summary>What the development certificates look like: extensions, lifetimes, constraints.</summary>
internal static class DevelopmentCertificates
{
    /// <summary>Short enough for what browsers come to accept (100 days from 2027, CA/Browser Forum ballot SC-081).</summary>
    public static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(90);

    /// <summary>What an authority's name begins with; the rest tells those of several clones apart.</summary>
    public const string AuthorityName = "HighAvail development authority";

    // Trusting an authority takes a person; its constraints, not its lifetime, keep it harmless.
    private const int AuthorityYears = 10;

    private const string NameConstraints = "2.5.29.30";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // The clock of a virtual machine or a container may be a little behind.
    private static readonly TimeSpan _clockSkew = TimeSpan.FromHours(1);

    private static readonly Asn1Tag _permittedSubtrees = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag _excludedSubtrees = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag _dnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag _addressRange = new(TagClass.ContextSpecific, 7);

    /// <summary>A self-signed authority that can vouch for nothing but the loopback addresses and <paramref name="names"/>.</summary>
    public static X509Certificate2 CreateAuthority(ECDsa key, IEnumerable<string> names, DateTimeOffset now)
    {
        var keyIdentifier = new X509SubjectKeyIdentifierExtension(new PublicKey(key), critical: false);
        var name = new X500DistinguishedName($"CN={AuthorityName} {keyIdentifier.SubjectKeyIdentifier![..8]}");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(Constraints(names));
        request.CertificateExtensions.Add(keyIdentifier);
        var signature = X509SignatureGenerator.CreateForECDsa(key);
        return request.Create(name, signature, now - _clockSkew, now.AddYears(AuthorityYears), RandomSerialNumber());
    }

    /// <summary>A server certificate for the loopback addresses and <paramref name="names"/>.</summary>
    public static X509Certificate2 CreateLeaf(
        ECDsa key, IEnumerable<string> names, X509Certificate2 authority, ECDsa authorityKey, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            alternatives.AddDnsName(name);
        }

        alternatives.AddIpAddress(IPAddress.Loopback);
        alternatives.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(alternatives.Build());

        var signature = X509SignatureGenerator.CreateForECDsa(authorityKey);
        return request.Create(authority.SubjectName, signature, now - _clockSkew, now + LeafLifetime, RandomSerialNumber());
    }

    /// <summary>Whether <paramref name="leaf"/> names <paramref name="authority"/>'s key as the one that signed it.</summary>
    public static bool IsIssuedBy(X509Certificate2 leaf, X509Certificate2 authority) =>
        leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
        && authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } subject
        && issuer.Span.SequenceEqual(subject.SubjectKeyIdentifierBytes.Span);

    /// <summary>The DNS names that <paramref name="leaf"/> is for.</summary>
    public static IEnumerable<string> Names(X509Certificate2 leaf) =>
        leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault()?.EnumerateDnsNames() ?? [];

    /// <summary>The DNS names that <paramref name="authority"/> may vouch for; none when it has no constraints, as ours always have.</summary>
    public static IReadOnlyCollection<string> PermittedNames(X509Certificate2 authority)
    {
        var names = new List<string>();
        if (authority.Extensions[NameConstraints] is { } extension)
        {
            var constraints = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            var permitted = constraints.ReadSequence(_permittedSubtrees);
            while (permitted.HasData)
            {
                var subtree = permitted.ReadSequence();
                if (subtree.PeekTag().HasSameClassAndValue(_dnsName))
                {
                    names.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, _dnsName));
                }
            }
        }

        return names;
    }

    private static X509Extension Constraints(IEnumerable<string> names)
    {
        var ordered = names.Order(StringComparer.Ordinal).ToList();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(_permittedSubtrees))
            {
                foreach (var name in ordered)
                {
                    WriteName(writer, name);
                }

                WriteRange(writer, IPAddress.Loopback, [255, 0, 0, 0]);
                WriteRange(writer, IPAddress.IPv6Loopback, Enumerable.Repeat((byte)255, 16).ToArray());
            }

            // A permitted name includes all below it, and a service may be called like a top-level domain: app, dev.
            using (writer.PushSequence(_excludedSubtrees))
            {
                foreach (var name in ordered)
                {
                    WriteName(writer, "." + name);
                }
            }
        }

        return new X509Extension(NameConstraints, writer.Encode(), critical: true);
    }

    private static void WriteName(AsnWriter writer, string name)
    {
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, _dnsName);
        }
    }

    private static void WriteRange(AsnWriter writer, IPAddress address, byte[] mask)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString([.. address.GetAddressBytes(), .. mask], _addressRange);
        }
    }

    private static byte[] RandomSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        // Positive, and of full length.
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
