namespace HighAvail.UserService.Access;

internal sealed record LoginRequest(string? Email, string? Password)
{
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrEmpty(Email))
        {
            errors["email"] = ["An e-mail address is required."];
        }

        if (string.IsNullOrEmpty(Password))
        {
            errors["password"] = ["A password is required."];
        }

        return errors;
    }
}
