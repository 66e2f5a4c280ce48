using HighAvail.ServiceDefaults.Paging;
using HighAvail.UserService.Access;

namespace HighAvail.UserService.Users;

/// <summary>The query string of a list, as it came: what is wrong in it is told by field.</summary>
internal sealed record ListUsersQuery(string? Limit, string? After, string? Email)
{
    /// <summary>
    /// Errors by parameter; without any, at most <paramref name="limit"/> users older than <paramref name="before"/> are asked for.
    /// </summary>
    public Dictionary<string, string[]> Validate(out int limit, out Guid before)
    {
        var errors = new Dictionary<string, string[]>();
        new PageQuery(Limit, After).Validate(errors, out limit, out before);

        if (Email is not null && !EmailAddress.IsValid(Email))
        {
            errors["email"] = ["An e-mail address such as name@example.org is required."];
        }

        return errors;
    }
}
