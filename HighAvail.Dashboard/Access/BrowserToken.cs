using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Dashboard.Access;

/// <summary>What a person shows to log in: part of the login link.</summary>
internal sealed class BrowserToken
{
    /// <summary>Aspire's name of the setting.</summary>
    internal const string Setting = "Dashboard:Frontend:BrowserToken";

    private readonly byte[] _hash;

    /// <param name="configured">A token that somebody chose, or nothing: then a new one is made.</param>
    internal BrowserToken(string? configured)
    {
        IsGenerated = string.IsNullOrWhiteSpace(configured);
        Value = IsGenerated ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) : configured!;
        _hash = Hash(Value);
    }

    /// <summary>Whether nobody can know it yet.</summary>
    internal bool IsGenerated { get; }

    internal string Value { get; }

    /// <summary>Whether it is what was shown, in a time that says nothing about it.</summary>
    internal bool Matches(string? shown) => CryptographicOperations.FixedTimeEquals(Hash(shown ?? string.Empty), _hash);

    // Hashes, because comparing in constant time needs equal lengths.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
