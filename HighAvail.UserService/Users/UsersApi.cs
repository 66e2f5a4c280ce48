using System.Security.Claims;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Idempotency;
using HighAvail.ServiceDefaults.Paging;
using HighAvail.UserService.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ZiggyCreatures.Caching.Fusion;

namespace HighAvail.UserService.Users;

internal static class UsersApi
{
    private const string Columns = "id, email, display_name, role, created_at, updated_at, version";

    // A token says what its owner was when it was signed. What changes others asks anew, so that who has lost the right cannot give it back to himself.
    private const string CallerIsAdmin = "EXISTS (SELECT FROM users AS caller WHERE caller.id = $8 AND caller.role = 'admin' AND caller.deactivated_at IS NULL)";

    // How often a change is tried anew because somebody else was faster.
    private const int MaxAttempts = 3;

    // How old a profile may be that somebody else reads.
    private static readonly TimeSpan _staleness = TimeSpan.FromSeconds(1);

    public static void MapUsersApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/users").RequireAuthorization();
        group.MapGet("/me", GetMeAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapPatch("/{id:guid}", UpdateAsync).WithIdempotency().Produces<User>();
        group.MapDelete("/{id:guid}", DeactivateAsync).WithIdempotency();

        var administration = routes.MapGroup("/users").RequireAuthorization(AccessPolicies.Admin);
        administration.MapGet("/", ListAsync);
        administration.MapPut("/{id:guid}/role", SetRoleAsync).WithIdempotency();
    }

    private static Task<Results<Ok<User>, StatusCodeHttpResult, NotFound>> GetMeAsync(
        ClaimsPrincipal caller, NpgsqlDataSource dataSource, IFusionCache cache, HttpContext context, CancellationToken cancellationToken) =>
        GetAsync(caller.GetUserId(), caller, dataSource, cache, context, cancellationToken);

    private static async Task<Results<Ok<User>, StatusCodeHttpResult, NotFound>> GetAsync(
        Guid id, ClaimsPrincipal caller, NpgsqlDataSource dataSource, IFusionCache cache, HttpContext context, CancellationToken cancellationToken)
    {
        // One's own is read anew, so that everyone sees at once what he changed. Somebody else's may be a second old.
        var found = id == caller.GetUserId() || !caller.IsAdmin()
            ? await FindAsync(id, caller, dataSource, cancellationToken)
            : await cache.GetOrSetAsync<User?>($"user:{id}", token => FindAsync(id, caller, dataSource, token), _staleness, token: cancellationToken);
        if (found is not { } user)
        {
            return TypedResults.NotFound();
        }

        context.SetEntityVersion(user.Version);
        return context.HasEntityVersion(user.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(user);
    }

    private static async Task<Results<StoredResponse, ValidationProblem, NotFound, ProblemHttpResult>> UpdateAsync(
        Guid id,
        IdempotentRequest idempotent,
        UpdateUserRequest request,
        ClaimsPrincipal caller,
        NpgsqlDataSource dataSource,
        TimeProvider timeProvider,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (request.Validate() is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        if (context.Request.Headers.IfMatch.Count == 0)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status428PreconditionRequired, title: "If-Match with the ETag of the user is required.");
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await FindAsync(id, caller, dataSource, cancellationToken) is not { } user)
            {
                return TypedResults.NotFound();
            }

            if (!context.AllowsEntityVersion(user.Version))
            {
                return TypedResults.Problem(
                    statusCode: StatusCodes.Status412PreconditionFailed, title: "The user was changed meanwhile. Read it again.");
            }

            var now = timeProvider.GetStoredNow();
            var changed = user with
            {
                DisplayName = request.DisplayName!,
                UpdatedAt = now > user.UpdatedAt ? now : user.UpdatedAt,
                Version = user.Version + 1,
            };
            var response = StoredResponse.Ok(changed.Version, changed, UserServiceJson.Default.User);
            if (await idempotent.ChangeAsync(
                dataSource,
                response,
                "SELECT id FROM users WHERE id = $7 AND version = $8 AND deactivated_at IS NULL FOR UPDATE",
                """
                UPDATE users SET display_name = $9, updated_at = $10, version = $8 + 1
                FROM target, key
                WHERE users.id = target.id
                """,
                new() { Value = id },
                new() { Value = user.Version },
                new() { Value = changed.DisplayName },
                new() { Value = changed.UpdatedAt }))
            {
                return response;
            }
        }

        return IdempotentRequest.Repeated;
    }

    private static async Task<Results<StoredResponse, NotFound>> DeactivateAsync(
        Guid id, IdempotentRequest idempotent, ClaimsPrincipal caller, NpgsqlDataSource dataSource, TimeProvider timeProvider)
    {
        var response = StoredResponse.NoContent();
        var isDeactivated = await idempotent.ChangeAsync(
            dataSource,
            response,
            $"SELECT id FROM users WHERE id = $7 AND (id = $8 OR $9 AND {CallerIsAdmin}) AND deactivated_at IS NULL FOR UPDATE OF users",
            """
            UPDATE users
            SET deactivated_at = greatest($10, updated_at), updated_at = greatest($10, updated_at), version = version + 1
            FROM target, key
            WHERE users.id = target.id
            """,
            new() { Value = id },
            new() { Value = caller.GetUserId() },
            new() { Value = caller.IsAdmin() },
            new() { Value = timeProvider.GetStoredNow() });
        return isDeactivated ? response : TypedResults.NotFound();
    }

    private static async Task<Results<StoredResponse, ValidationProblem, NotFound>> SetRoleAsync(
        Guid id, IdempotentRequest idempotent, SetRoleRequest request, ClaimsPrincipal caller, NpgsqlDataSource dataSource, TimeProvider timeProvider)
    {
        if (request.Validate() is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var response = StoredResponse.NoContent();
        var isSet = await idempotent.ChangeAsync(
            dataSource,
            response,
            $"SELECT id FROM users WHERE id = $7 AND {CallerIsAdmin} AND deactivated_at IS NULL FOR UPDATE OF users",
            """
            UPDATE users SET role = $9, updated_at = greatest($10, updated_at), version = version + 1
            FROM target, key
            WHERE users.id = target.id
            """,
            new() { Value = id },
            new() { Value = caller.GetUserId() },
            new() { Value = request.Role! },
            new() { Value = timeProvider.GetStoredNow() });
        return isSet ? response : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<UserPage>, ValidationProblem>> ListAsync(
        string? limit, string? after, string? email, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var query = new ListUsersQuery(limit, after, email);
        if (query.Validate(out var count, out var before) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        // Ids are UUID v7: newest first. An e-mail address has one user, so its statement needs another index.
        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            email is null
            ? $"""
              SELECT {Columns} FROM users
              WHERE id < $1 AND deactivated_at IS NULL
              ORDER BY id DESC LIMIT $2
              """
            : $"""
              SELECT {Columns} FROM users
              WHERE id < $1 AND deactivated_at IS NULL AND normalized_email = $3
              LIMIT $2
              """);
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = count + 1 });
        if (email is not null)
        {
            command.Parameters.Add(new() { Value = EmailAddress.Normalize(email) });
        }

        var users = new List<User>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            users.Add(Read(reader));
        }

        // The one beyond the limit only says that there is a next page.
        return TypedResults.Ok(users.Count > count
            ? new UserPage(users[..count], IdCursor.Write(users[count - 1].Id))
            : new UserPage(users, Next: null));
    }

    private static async Task<User?> FindAsync(
        Guid id, ClaimsPrincipal caller, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            $"""
            SELECT {Columns} FROM users WHERE id = $1 AND deactivated_at IS NULL AND (id = $2 OR $3)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = caller.GetUserId() });
        command.Parameters.Add(new() { Value = caller.IsAdmin() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static User Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetFieldValue<DateTime>(4),
        reader.GetFieldValue<DateTime>(5),
        reader.GetInt64(6));
}
