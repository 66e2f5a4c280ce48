using HighAvail.ServiceDefaults.Access;

namespace HighAvail.UserService.Users;

internal sealed record SetRoleRequest(string? Role)
{
    public Dictionary<string, string[]> Validate() => Role is AccessClaims.CustomerRole or AccessClaims.AdminRole
        ? []
        : new() { ["role"] = [$"A role is required: {AccessClaims.CustomerRole} or {AccessClaims.AdminRole}."] };
}
