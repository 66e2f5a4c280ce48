using System.Security.Claims;
using System.Text.Json;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.OrderService.Orders;

/// <summary>Orders as they are read from the database.</summary>
internal static class OrderRows
{
    public const string Columns =
        "id, customer_id, status, currency, lines::text, total, created_at, updated_at, version, reason";

    /// <summary>The order, if the caller may see it: another's is as missing as one that never was.</summary>
    public static async Task<Order?> FindAsync(
        NpgsqlDataSource dataSource, Guid id, ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            $"""
            SELECT {Columns} FROM orders WHERE id = $1 AND (customer_id = $2 OR $3)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = caller.GetUserId() });
        command.Parameters.Add(new() { Value = caller.IsAdmin() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    public static Order Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetGuid(1),
        reader.GetString(2),
        reader.GetString(3),
        JsonSerializer.Deserialize(reader.GetString(4), OrderServiceJson.Default.IReadOnlyListOrderLine)!,
        reader.GetInt64(5),
        reader.GetFieldValue<DateTime>(6),
        reader.GetFieldValue<DateTime>(7),
        reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetString(9));
}
