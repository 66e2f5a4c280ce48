namespace HighAvail.UserService.Access;

internal sealed record RegisterRequest(string? Email, string? Password, string? DisplayName)
{
    public const int MinPasswordLength = 12;
    public const int MaxPasswordLength = 128;

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

        if (!Users.DisplayName.IsValid(DisplayName))
        {
            errors["displayName"] = [Users.DisplayName.Requirement];
        }

        return errors;
    }
}
