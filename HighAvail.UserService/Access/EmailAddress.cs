using System.Diagnostics.CodeAnalysis;

namespace HighAvail.UserService.Access;

/// <summary>
/// What counts as an e-mail address, and when two are the same. ASCII only: two accounts must not differ by look-alike letters.
/// </summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;
    private const int MaxLocalPartLength = 64;
    private const int MaxLabelLength = 63;
    private const string LocalPartSymbols = "!#$%&'*+-/=?^_`{|}~.";

    /// <summary>The form under which an address is unique: mail systems ignore case, so two that differ by it are one.</summary>
    public static string Normalize(string email) => email.ToLowerInvariant();

    public static bool IsValid([NotNullWhen(true)] string? email)
    {
        if (email is null || email.Length > MaxLength)
        {
            return false;
        }

        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at >= 0 && IsLocalPart(email.AsSpan(0, at)) && IsDomain(email.AsSpan(at + 1));
    }

    private static bool IsLocalPart(ReadOnlySpan<char> part)
    {
        if (part.Length is 0 or > MaxLocalPartLength || part[0] == '.' || part[^1] == '.' || part.Contains("..", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var character in part)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !LocalPartSymbols.Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (var character in label)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                {
                    return false;
                }
            }

            labels++;
        }

        return labels >= 2;
    }
}
