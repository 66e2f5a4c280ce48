using System.Globalization;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using HighAvail.UserService.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Npgsql;

namespace HighAvail.UserService.Access;

internal static class AccessApi
{
    // How often a sign-in is begun anew because something came between.
    private const int MaxAttempts = 3;

    public static void MapAccessApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/auth");
        group.MapPost("/register", RegisterAsync).WithIdempotency().Produces<User>(StatusCodes.Status201Created);
        group.MapPost("/login", LoginAsync);
    }

    private static async Task<Results<StoredResponse, ValidationProblem, ProblemHttpResult>> RegisterAsync(
        IdempotentRequest idempotent,
        RegisterRequest request,
        NpgsqlDataSource dataSource,
        PasswordHashes passwords,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        if (request.Validate() is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        if (await passwords.HashAsync(request.Password!, cancellationToken) is not { } passwordHash)
        {
            return Busy();
        }

        var now = timeProvider.GetStoredNow();
        var user = new User(
            Guid.CreateVersion7(timeProvider.GetUtcNow()),
            request.Email!,
            request.DisplayName!,
            AccessClaims.CustomerRole,
            CreatedAt: now,
            UpdatedAt: now,
            Version: 1);
        var response = StoredResponse.Created($"/users/{user.Id}", user.Version, user, UserServiceJson.Default.User);
        try
        {
            if (await idempotent.WriteAsync(
                dataSource,
                response,
                """
                INSERT INTO users (id, email, normalized_email, display_name, password_hash, role, version, created_at, updated_at)
                SELECT $7, $8, $9, $10, $11, $12, $13, $14, $14 FROM key
                """,
                new() { Value = user.Id },
                new() { Value = user.Email },
                new() { Value = EmailAddress.Normalize(user.Email) },
                new() { Value = user.DisplayName },
                new() { Value = passwordHash },
                new() { Value = user.Role },
                new() { Value = user.Version },
                new() { Value = now }))
            {
                return response;
            }
        }
        catch (PostgresException exception) when (exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "users_normalized_email_key" })
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict, title: "There is an account with this e-mail address already.");
        }

        return IdempotentRequest.Repeated;
    }

    private static async Task<Results<Ok<TokenResponse>, ValidationProblem, ProblemHttpResult>> LoginAsync(
        LoginRequest request,
        SignIns signIns,
        PasswordHashes passwords,
        TokenIssuer tokens,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var errors = request.Validate();
        IdempotencyKey.Read(context.Request, errors);
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var known = await signIns.FindAsync(request.Email!, cancellationToken);
            if (known.LockedFor > TimeSpan.Zero)
            {
                return Locked(known.LockedFor, context.Response);
            }

            if (await passwords.VerifyAsync(known.PasswordHash, request.Password!, cancellationToken) is not { } verified)
            {
                return Busy();
            }

            if (verified == PasswordVerificationResult.Failed)
            {
                if (await signIns.FailAsync(request.Email!))
                {
                    return TypedResults.Problem(
                        statusCode: StatusCodes.Status401Unauthorized, title: "The e-mail address or the password is wrong.");
                }
            }
            else
            {
                var newHash = verified == PasswordVerificationResult.SuccessRehashNeeded
                    ? await passwords.HashAsync(request.Password!, cancellationToken)
                    : null;
                var refreshToken = RefreshTokens.Create();
                if (await signIns.SucceedAsync(request.Email!, known.UserId!.Value, known.PasswordHash!, newHash, refreshToken) is { } role)
                {
                    return TypedResults.Ok(tokens.Answer(known.UserId.Value, role, refreshToken, context.Response));
                }
            }

            // Others failed with this account meanwhile, so that it is locked, or it is gone: what this one found out must not count.
        }

        return Busy();
    }

    private static ProblemHttpResult Locked(TimeSpan time, HttpResponse response)
    {
        response.Headers.RetryAfter = Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status429TooManyRequests,
            title: "Too many sign-ins with this e-mail address have failed. Try again later.");
    }

    private static ProblemHttpResult Busy() => TypedResults.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many sign-ins at once. Repeat the request.");
}
