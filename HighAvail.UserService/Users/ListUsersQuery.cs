using System.Globalization;
using HighAvail.UserService.Access;

namespace HighAvail.UserService.Users;

/// <summary>The query string of a list, as it came: what is wrong in it is told by field.</summary>
internal sealed record ListUsersQuery(string? Limit, string? After, string? Email)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>
    /// Errors by parameter; without any, at most <paramref name="limit"/> users older than <paramref name="before"/> are asked for.
    /// </summary>
    public Dictionary<string, string[]> Validate(out int limit, out Guid before)
    {
        var errors = new Dictionary<string, string[]>();
        limit = DefaultLimit;
        if (Limit is not null
            && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors["limit"] = [$"A number from 1 to {MaxLimit} is required."];
        }

        before = Guid.AllBitsSet;
        if (After is not null && !UserCursor.TryRead(After, out before))
        {
            errors["after"] = ["The value of 'next' from an earlier page is required."];
        }

        if (Email is not null && !EmailAddress.IsValid(Email))
        {
            errors["email"] = ["An e-mail address such as name@example.org is required."];
        }

        return errors;
    }
}
