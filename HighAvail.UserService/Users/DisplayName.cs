using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HighAvail.UserService.Users;

/// <summary>The name that others see.</summary>
internal static class DisplayName
{
    public const int MaxLength = 100;

    public static string Requirement { get; } = $"A name of 1 to {MaxLength} characters without control characters is required.";

    // Characters are counted as Postgres and people do: a letter outside the basic plane is one.
    public static bool IsValid([NotNullWhen(true)] string? name) =>
        !string.IsNullOrWhiteSpace(name)
        && name.EnumerateRunes().Count() <= MaxLength
        && !name.EnumerateRunes().Any(Rune.IsControl);
}
