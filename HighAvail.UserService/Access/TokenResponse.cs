namespace HighAvail.UserService.Access;

/// <param name="AccessToken">What opens the API.</param>
/// <param name="TokenType">How it is shown: <c>Bearer</c> (RFC 6750).</param>
/// <param name="ExpiresIn">For how many seconds it does.</param>
/// <param name="RefreshToken">What gets the next pair, once.</param>
internal sealed record TokenResponse(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken);
