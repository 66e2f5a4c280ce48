namespace HighAvail.UserService.Access;

internal sealed record LoginResponse(string AccessToken, string TokenType, int ExpiresIn);
