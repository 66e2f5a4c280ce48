namespace HighAvail.UserService.Users;

internal sealed record UpdateUserRequest(string? DisplayName)
{
    public Dictionary<string, string[]> Validate() => Users.DisplayName.IsValid(DisplayName)
        ? []
        : new() { ["displayName"] = [Users.DisplayName.Requirement] };
}
