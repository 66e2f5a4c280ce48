namespace HighAvail.UserService.Access;

internal sealed record RefreshRequest(string? RefreshToken)
{
    /// <summary>Longer than any token, now or later.</summary>
    public const int MaxTokenLength = 1_000;

    public Dictionary<string, string[]> Validate() => RefreshToken is { Length: >= 1 and <= MaxTokenLength }
        ? []
        : new() { ["refreshToken"] = [$"A refresh token of at most {MaxTokenLength} characters is required."] };
}
