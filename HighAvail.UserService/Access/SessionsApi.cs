using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.UserService.Access;

/// <summary>What becomes of a sign-in: it is refreshed, each time with the token of the last, and ended.</summary>
internal static class SessionsApi
{
    // How long a request is a repetition of one whose answer was lost. Whoever repeats later than four times the longest request has stopped waiting for it.
    private static readonly TimeSpan _retryWindow = TimeSpan.FromSeconds(60);

    public static void MapSessionsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/auth");
        group.MapPost("/refresh", RefreshAsync);
        group.MapPost("/logout", LogoutAsync);
    }

    private static async Task<Results<Ok<TokenResponse>, ValidationProblem, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request,
        NpgsqlDataSource dataSource,
        RefreshTokens refreshTokens,
        TokenIssuer tokens,
        IOptions<TokenOptions> options,
        TimeProvider timeProvider,
        HttpContext context)
    {
        var errors = request.Validate();
        var key = IdempotencyKey.Read(context.Request, errors);
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var next = refreshTokens.Next(request.RefreshToken!, key ?? Guid.NewGuid().ToString());
        var (spent, unspent) = (RefreshTokens.Hash(request.RefreshToken!), RefreshTokens.Hash(next));
        var now = timeProvider.GetStoredNow();
        var account = await SpendAsync(dataSource, spent, unspent, options.Value.MaxRefreshes, now) ?? await FindRepeatedAsync(dataSource, spent, unspent, now);
        return account is null
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status401Unauthorized, title: "The refresh token is not valid, or no longer. Sign in again.")
            : TypedResults.Ok(tokens.Answer(account.Id, account.Role, next, context.Response));
    }

    // Not said is whether there was anything to end. A spent token ends its sign-in, too.
    private static async Task<Results<NoContent, ValidationProblem>> LogoutAsync(RefreshRequest request, NpgsqlDataSource dataSource, HttpContext context)
    {
        var errors = request.Validate();
        IdempotencyKey.Read(context.Request, errors);
        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        await dataSource.WriteAsync(
            """
            DELETE FROM refresh_families USING refresh_tokens
            WHERE refresh_tokens.hash = $1 AND refresh_families.id = refresh_tokens.family_id
            """,
            new NpgsqlParameter { Value = RefreshTokens.Hash(request.RefreshToken!) });
        return TypedResults.NoContent();
    }

    /// <summary>Spends a token and stores the next one; <see langword="null"/> when it cannot be spent, or not any more, or is the last of its family.</summary>
    /// <remarks>Everybody locks the family before its tokens, so nobody waits in a circle. Of several with the same token, the others find it spent.</remarks>
    private static Task<Account?> SpendAsync(NpgsqlDataSource dataSource, byte[] token, byte[] next, int maxRefreshes, DateTime now) => dataSource.WriteAsync(
        """
        WITH family AS (
            SELECT refresh_families.id, users.id AS user_id, users.role
            FROM refresh_tokens
            JOIN refresh_families ON refresh_families.id = refresh_tokens.family_id
            JOIN users ON users.id = refresh_families.user_id
            WHERE refresh_tokens.hash = $1 AND refresh_families.expires_at > $3 AND users.deactivated_at IS NULL
            AND refresh_tokens.generation < $4
            FOR NO KEY UPDATE OF refresh_families),
        spent AS (
            UPDATE refresh_tokens SET spent_at = $3 FROM family
            WHERE hash = $1 AND spent_at IS NULL
            RETURNING family_id, generation),
        next AS (
            INSERT INTO refresh_tokens (hash, family_id, generation) SELECT $2, family_id, generation + 1 FROM spent)
        SELECT user_id, role FROM family JOIN spent ON spent.family_id = family.id
        """,
        [new() { Value = token }, new() { Value = next }, new() { Value = now }, new() { Value = maxRefreshes }],
        ReadAccountAsync);

    /// <summary>Whose token it is, if the request is the repetition of one that spent it. If not, the token was stolen, or is the last: its family ends.</summary>
    /// <remarks>
    /// What a repetition would store next is stored already. It looks with a lock, as <see cref="IdempotentRequest"/> does: its commit waits for a standby
    /// that the first one may not have waited for.
    /// </remarks>
    private static Task<Account?> FindRepeatedAsync(NpgsqlDataSource dataSource, byte[] token, byte[] next, DateTime now) => dataSource.WriteAsync(
        """
        WITH presented AS (
            SELECT refresh_families.id AS family_id, users.id AS user_id, users.role,
                   refresh_tokens.spent_at > $4 AND refresh_families.expires_at > $3 AND users.deactivated_at IS NULL
                   AND EXISTS (SELECT FROM refresh_tokens AS stored WHERE stored.hash = $2) AS is_repeated
            FROM refresh_tokens
            JOIN refresh_families ON refresh_families.id = refresh_tokens.family_id
            JOIN users ON users.id = refresh_families.user_id
            WHERE refresh_tokens.hash = $1
            FOR UPDATE OF refresh_families),
        ended AS (
            DELETE FROM refresh_families USING presented
            WHERE refresh_families.id = presented.family_id AND presented.is_repeated IS NOT TRUE)
        SELECT user_id, role FROM presented WHERE is_repeated
        """,
        [new() { Value = token }, new() { Value = next }, new() { Value = now }, new() { Value = now - _retryWindow }],
        ReadAccountAsync);

    private static async Task<Account?> ReadAccountAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None) ? new Account(reader.GetGuid(0), reader.GetString(1)) : null;
    }

    private sealed record Account(Guid Id, string Role);
}
