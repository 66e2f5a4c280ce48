namespace HighAvail.ServiceDefaults.Access;

/// <summary>Names of authorization policies.</summary>
public static class AccessPolicies
{
    /// <summary>A valid access token with the role <c>admin</c>.</summary>
    public const string Admin = "admin";
}
