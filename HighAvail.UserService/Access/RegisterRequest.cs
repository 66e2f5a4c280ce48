using System.Text;

namespace HighAvail.UserService.Access;

internal sealed record RegisterRequest(string? Email, string? Password, string? DisplayName)
{
    private const int MinPasswordLength = 12;
    private const int MaxPasswordLength = 128;
    private const int MaxDisplayNameLength = 100;

    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>();
        if (!EmailAddress.IsValid(Email))
        {
            errors["email"] = ["An e-mail address such as name@example.org is required."];
        }

        if (Password is null || Password.Length is < MinPasswordLength or > MaxPasswordLength)
        {
            errors["password"] = [$"A password of {MinPasswordLength} to {MaxPasswordLength} characters is required."];
        }

        if (!IsDisplayName(DisplayName))
        {
            errors["displayName"] = [$"A name of 1 to {MaxDisplayNameLength} characters without control characters is required."];
        }

        return errors;
    }

    // Characters are counted as Postgres and people do: a letter outside the basic plane is one.
    private static bool IsDisplayName(string? name) =>
        !string.IsNullOrWhiteSpace(name)
        && name.EnumerateRunes().Count() <= MaxDisplayNameLength
        && !name.EnumerateRunes().Any(Rune.IsControl);
}
