namespace HighAvail.UserService.Users;

internal sealed record UserPage(IReadOnlyList<User> Items, string? Next);
