using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.Drill.Load;
using Npgsql;

namespace HighAvail.Drill.Audit;

/// <summary>The tables of the Order service, read over a connection that cannot write.</summary>
/// <param name="connectionString">Leads to <c>ordersdb</c>.</param>
/// <param name="run">The run's id.</param>
/// <param name="customers">The run's customers.</param>
internal sealed class OrderTables(string connectionString, string run, IReadOnlyList<Guid> customers) : IOrderSource
{
    // Reading all orders of a long run takes a while; a database that is just coming back takes longer to let anybody in.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    public string Name => "database";

    public async Task<IReadOnlyList<StoredOrder>> ReadAsync(CancellationToken cancellationToken)
    {
        var beganAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ReadOnceAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is JsonException or InvalidCastException)
            {
                throw new DrillException($"What the database holds is no order: {exception.Message}", exception);
            }
            catch (NpgsqlException exception)
            {
                if (!exception.IsTransient || TimeProvider.System.GetElapsedTime(beganAt) > _patience)
                {
                    throw new DrillException($"The orders cannot be read from the database: {exception.Message}", exception);
                }
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<StoredOrder>> ReadOnceAsync(CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(
            """
            SELECT id, customer_id, status, currency, lines::text, total, version, (
                SELECT coalesce(jsonb_agg(jsonb_build_object('version', e.version, 'type', e.type, 'status', e.data ->> 'status') ORDER BY e.version), '[]')
                FROM order_events e WHERE e.order_id = orders.id)::text
            FROM orders
            WHERE customer_id = ANY ($1) OR starts_with(lines #>> '{0,sku}', $2)
            """);
        command.CommandTimeout = (int)_patience.TotalSeconds;
        command.Parameters.Add(new() { Value = customers.ToArray() });
        command.Parameters.Add(new() { Value = SentOrder.PrefixOf(run) });
        var orders = new List<StoredOrder>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            orders.Add(new(
                reader.GetGuid(0),
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetString(3),
                JsonSerializer.Deserialize(reader.GetString(4), ShopJson.Default.ListLineBody)!,
                reader.GetInt64(5),
                reader.GetInt64(6),
                JsonSerializer.Deserialize(reader.GetString(7), AuditJson.Default.ListStoredEvent)));
        }

        return orders;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<StoredEvent>))]
internal sealed partial class AuditJson : JsonSerializerContext;
