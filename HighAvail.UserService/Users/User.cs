namespace HighAvail.UserService.Users;

internal sealed record User(
    Guid Id, string Email, string DisplayName, string Role, DateTime CreatedAt, DateTime UpdatedAt, long Version);
