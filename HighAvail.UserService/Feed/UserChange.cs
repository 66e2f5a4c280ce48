namespace HighAvail.UserService.Feed;

/// <summary>What other services may know of a user: no address.</summary>
internal sealed record UserChange(Guid Id, long Version, string DisplayName, DateTime? DeactivatedAt);
