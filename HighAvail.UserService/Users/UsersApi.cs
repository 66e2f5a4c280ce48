using System.Security.Claims;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace HighAvail.UserService.Users;

internal static class UsersApi
{
    public static void MapUsersApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/users").RequireAuthorization();
        group.MapGet("/me", GetMeAsync);
        group.MapGet("/{id:guid}", GetAsync);
    }

    private static Task<Results<Ok<User>, StatusCodeHttpResult, NotFound>> GetMeAsync(
        ClaimsPrincipal caller, NpgsqlDataSource dataSource, HttpContext context, CancellationToken cancellationToken) =>
        GetAsync(caller.GetUserId(), caller, dataSource, context, cancellationToken);

    private static async Task<Results<Ok<User>, StatusCodeHttpResult, NotFound>> GetAsync(
        Guid id, ClaimsPrincipal caller, NpgsqlDataSource dataSource, HttpContext context, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT id, email, display_name, role, created_at, updated_at, version
            FROM users
            WHERE id = $1 AND deactivated_at IS NULL AND (id = $2 OR $3)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = caller.GetUserId() });
        command.Parameters.Add(new() { Value = caller.IsAdmin() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return TypedResults.NotFound();
        }

        var user = new User(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetFieldValue<DateTime>(4),
            reader.GetFieldValue<DateTime>(5),
            reader.GetInt64(6));
        context.SetEntityVersion(user.Version);
        return context.HasEntityVersion(user.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(user);
    }
}
