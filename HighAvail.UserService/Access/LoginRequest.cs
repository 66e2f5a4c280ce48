namespace HighAvail.UserService.Access;

/// <remarks>What is too long for every account is refused before it is asked whether there is one, so it says nothing about any.</remarks>
internal sealed record LoginRequest(string? Email, string? Password)
{
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>();
        if (Email is not { Length: >= 1 and <= EmailAddress.MaxLength })
        {
            errors["email"] = [$"An e-mail address of at most {EmailAddress.MaxLength} characters is required."];
        }

        if (Password is not { Length: >= 1 and <= RegisterRequest.MaxPasswordLength })
        {
            errors["password"] = [$"A password of at most {RegisterRequest.MaxPasswordLength} characters is required."];
        }

        return errors;
    }
}
