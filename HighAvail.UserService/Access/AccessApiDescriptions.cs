using HighAvail.ServiceDefaults.OpenApi;
using HighAvail.UserService.Users;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using static HighAvail.ServiceDefaults.OpenApi.AnswerDescription;

namespace HighAvail.UserService.Access;

/// <summary>Words for <see cref="AccessApi"/> and <see cref="SessionsApi"/>.</summary>
internal static class AccessApiDescriptions
{
    private const string Password = "correct horse battery";
    private const string RefreshToken = "q1H0mS3rYvV0mJ4mN8XyqgY0yA0s1m0H8b1Q2v3w4x5";

    private static readonly TokenResponse _tokens = new(
        "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIwMWEyMGNlMCJ9.c2lnbmF0dXJl", "Bearer", ExpiresIn: 300, RefreshToken);

    public static IReadOnlyList<OperationDescription> Operations =>
    [
        new("POST /auth/register", "register", UserServiceApi.AccessTag, "Registers somebody", "Everyone who registers is a customer.")
        {
            Example = new RegisterRequest(UsersApiDescriptions.Ada.Email, Password, UsersApiDescriptions.Ada.DisplayName),
            Answers =
            [
                Created("Registered.", UsersApiDescriptions.Ada),
                Invalid("password", $"A password of {RegisterRequest.MinPasswordLength} to {RegisterRequest.MaxPasswordLength} characters is required."),
                Error(StatusCodes.Status409Conflict, "There is an account with this e-mail address already.", "The e-mail address is taken. Case does not matter."),
            ],
        },
        new(
            "POST /auth/login",
            "login",
            UserServiceApi.AccessTag,
            "Signs in",
            """
            The access token goes into the header `Authorization: Bearer …` and lasts five minutes. Before it ends, `POST /auth/refresh` gives the next one.

            An unknown e-mail address is answered like a wrong password, after as much work. After five failures with one address it is locked for a while.
            """)
        {
            Example = new LoginRequest(UsersApiDescriptions.Ada.Email, Password),
            Parameters = [Parameters.IdempotencyKey],
            Answers =
            [
                Tokens("Signed in."),
                Invalid("email", $"An e-mail address of at most {EmailAddress.MaxLength} characters is required."),
                Error(StatusCodes.Status401Unauthorized, "The e-mail address or the password is wrong.", "The e-mail address is unknown, or the password is another."),
                Error(
                    StatusCodes.Status429TooManyRequests,
                    "Too many sign-ins with this e-mail address have failed. Try again later.",
                    "Too many sign-ins with this e-mail address have failed, or this client has sent more requests than it is granted.") with { Headers = [HeaderNames.RetryAfter] },
            ],
        },
        new(
            "POST /auth/refresh",
            "refresh",
            UserServiceApi.AccessTag,
            "Goes on with a sign-in",
            """
            Gives a new access token and a new refresh token; the old refresh token is spent. Whoever presents a spent one ends the whole sign-in, because one of
            two who have it must have stolen it.

            The one exception is a repetition: the same token with the same `Idempotency-Key` within a minute is answered with the same new refresh token.
            """)
        {
            Example = new RefreshRequest(RefreshToken),
            Parameters = [Parameters.IdempotencyKey],
            Answers =
            [
                Tokens("The sign-in goes on."),
                Invalid("refreshToken", $"A refresh token of at most {RefreshRequest.MaxTokenLength} characters is required."),
                Error(
                    StatusCodes.Status401Unauthorized,
                    "The refresh token is not valid, or no longer. Sign in again.",
                    "The token is unknown, spent, or of a sign-in that has ended; or the account was deactivated."),
            ],
        },
        new("POST /auth/logout", "logout", UserServiceApi.AccessTag, "Ends a sign-in", "Its refresh tokens end at once; its last access token within five minutes.")
        {
            Example = new RefreshRequest(RefreshToken),
            Parameters = [Parameters.IdempotencyKey],
            Answers =
            [
                NoContent("The sign-in has ended, if there was one."),
                Invalid("refreshToken", $"A refresh token of at most {RefreshRequest.MaxTokenLength} characters is required."),
            ],
        },
    ];

    public static IReadOnlyList<SchemaDescription> Schemas =>
    [
        new(typeof(RegisterRequest), "Who registers.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["email"] = UsersApiDescriptions.Email(),
                ["password"] = Secret(RegisterRequest.MinPasswordLength, RegisterRequest.MaxPasswordLength).Meaning("A password of one's own choice."),
                ["displayName"] = UsersApiDescriptions.Name(),
            },
        },
        new(typeof(LoginRequest), "Who signs in.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["email"] = Values.Text(EmailAddress.MaxLength, 1).Meaning("The e-mail address. Case does not matter."),
                ["password"] = Secret(1, RegisterRequest.MaxPasswordLength).Meaning("The password."),
            },
        },
        new(typeof(RefreshRequest), "Which sign-in it is about.")
        {
            IsRequest = true,
            Members = new Dictionary<string, OpenApiSchema> { ["refreshToken"] = Secret(1, RefreshRequest.MaxTokenLength).Meaning("The latest refresh token of the sign-in.") },
        },
        new(typeof(TokenResponse), "The tokens of a sign-in.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["accessToken"] = Values.Text(8000, 1, @"^[\w-]+\.[\w-]+\.[\w-]+$").Meaning("A signed token (JWT, ES256) for the header `Authorization`."),
                ["tokenType"] = Values.Word("Bearer").Meaning("How the token is sent."),
                ["expiresIn"] = Values.Number(1, 86_400, "int32").Meaning("Seconds for which the access token is valid."),
                ["refreshToken"] = Values.Text(43, 43, "^[A-Za-z0-9_-]+$").Meaning("What the next access token is had for, once."),
            },
        },
    ];

    private static AnswerDescription Tokens(string description) =>
        new(StatusCodes.Status200OK, description) { Example = _tokens, Headers = [HeaderNames.CacheControl] };

    private static OpenApiSchema Secret(int minLength, int maxLength) => Values.Text(maxLength, minLength, format: "password");
}
