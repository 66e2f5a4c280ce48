using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>The keys that senders may show; none at all lets everybody in.</summary>
internal sealed class ApiKeys(params IEnumerable<string> keys)
{
    public const string Header = "x-otlp-api-key";

    // Hashes, because comparing in constant time needs equal lengths.
    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    public bool Accept(string shown)
    {
        var hash = Hash(shown);
        var isGood = _hashes.Length == 0;
        foreach (var good in _hashes)
        {
            isGood |= CryptographicOperations.FixedTimeEquals(hash, good);
        }

        return isGood;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
