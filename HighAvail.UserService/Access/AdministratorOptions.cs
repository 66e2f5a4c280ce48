using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

/// <summary>The first administrator, who makes others. Section <c>Administrator</c>; without both settings none is made.</summary>
internal sealed record AdministratorOptions
{
    public string? Email { get; set; }

    public string? Password { get; set; }

    public bool IsWanted => !string.IsNullOrEmpty(Email) || !string.IsNullOrEmpty(Password);

    /// <summary>The account, by the rules of every other.</summary>
    public RegisterRequest ToRequest() => new(Email, Password, "Administrator");
}

internal sealed class AdministratorOptionsValidator : IValidateOptions<AdministratorOptions>
{
    public ValidateOptionsResult Validate(string? name, AdministratorOptions options)
    {
        if (!options.IsWanted)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = options.ToRequest().Validate();
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error =>
                $"The app host's parameter admin-{error.Key} (Administrator:{error.Key}) is missing or wrong: {string.Join(' ', error.Value)}"));
    }
}
