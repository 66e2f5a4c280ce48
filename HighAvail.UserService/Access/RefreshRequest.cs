namespace HighAvail.UserService.Access;

internal sealed record RefreshRequest(string? RefreshToken)
{
    public Dictionary<string, string[]> Validate() => string.IsNullOrEmpty(RefreshToken)
        ? new() { ["refreshToken"] = ["A refresh token is required."] }
        : [];
}
