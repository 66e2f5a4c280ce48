using System.Globalization;
using System.Security.Claims;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>What an access token says about its bearer, under the names it has there.</summary>
public static class AccessClaims
{
    /// <summary>The id of the user.</summary>
    public const string Subject = "sub";

    /// <summary>The role of the user: <see cref="CustomerRole"/> or <see cref="AdminRole"/>.</summary>
    public const string Role = "role";

    private const string Expiry = "exp";

    /// <summary>The role of everyone who registers.</summary>
    public const string CustomerRole = "customer";

    /// <summary>The role of those who may see and change what belongs to others.</summary>
    public const string AdminRole = "admin";

    /// <summary>The id of the signed-in user.</summary>
    /// <param name="user">The user of a request that requires authorization.</param>
    /// <exception cref="InvalidOperationException">The user is not signed in.</exception>
    public static Guid GetUserId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(Subject), out var id)
            ? id
            : throw new InvalidOperationException("There is no signed-in user: the endpoint has to require authorization.");

    /// <summary>When the access token of the signed-in user ends. Its bearer is heard a little longer, by <see cref="AccessOptions.ClockSkew"/>.</summary>
    /// <param name="user">The user of a request that requires authorization.</param>
    /// <exception cref="InvalidOperationException">The user is not signed in.</exception>
    public static DateTimeOffset GetTokenEnd(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(Expiry), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new InvalidOperationException("There is no signed-in user: the endpoint has to require authorization.");

    /// <summary>Whether the user is an administrator.</summary>
    /// <param name="user">The user of a request.</param>
    public static bool IsAdmin(this ClaimsPrincipal user) => user.IsInRole(AdminRole);
}
