using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using HighAvail.UserService.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.UserService.Access;

internal static class AccessApi
{
    public static void MapAccessApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/auth");
        group.MapPost("/register", RegisterAsync).WithIdempotency();
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

    private static async Task<Results<Ok<LoginResponse>, ValidationProblem, ProblemHttpResult>> LoginAsync(
        LoginRequest request,
        NpgsqlDataSource dataSource,
        PasswordHashes passwords,
        TokenIssuer tokens,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (request.Validate() is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var account = await FindAccountAsync(dataSource, request.Email!, cancellationToken);
        var verified = await passwords.VerifyAsync(account?.PasswordHash, request.Password!, cancellationToken);
        if (verified is null)
        {
            return Busy();
        }

        if (account is null || !verified.Value)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status401Unauthorized, title: "The e-mail address or the password is wrong.");
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(tokens.Issue(account.Id, account.Role));
    }

    private static async Task<Account?> FindAccountAsync(NpgsqlDataSource dataSource, string email, CancellationToken cancellationToken)
    {
        if (!EmailAddress.IsValid(email))
        {
            return null;
        }

        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            """
            SELECT id, role, password_hash FROM users WHERE normalized_email = $1 AND deactivated_at IS NULL
            """);
        command.Parameters.Add(new() { Value = EmailAddress.Normalize(email) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Account(reader.GetGuid(0), reader.GetString(1), reader.GetString(2))
            : null;
    }

    private static ProblemHttpResult Busy() => TypedResults.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable, title: "Too many sign-ins at once. Repeat the request.");

    private sealed record Account(Guid Id, string Role, string PasswordHash);
}
