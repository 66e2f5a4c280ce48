using System.Collections.Concurrent;
using Npgsql;

namespace HighAvail.Tests.Hosting;

/// <summary>What customers sent and what they were told, to be held against what is in the database. An order is known by its only sku.</summary>
internal sealed class OrderLedger
{
    private readonly ConcurrentDictionary<string, Guid> _sent = new();
    private readonly ConcurrentDictionary<string, Guid> _acknowledged = new();

    public int Acknowledged => _acknowledged.Count;

    public void Sent(string sku, Guid customer) => _sent[sku] = customer;

    public void Answered(string sku, Guid order) => _acknowledged[sku] = order;

    /// <summary>What is wrong in the database; nothing, as it should be.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(NpgsqlDataSource orders, CancellationToken cancellationToken)
    {
        await using var command = orders.CreateCommand(
            """
            SELECT id, customer_id, lines->0->>'sku', status,
                (SELECT string_agg(version || ' ' || type, ', ' ORDER BY version) FROM order_events WHERE order_id = orders.id)
            FROM orders WHERE customer_id = ANY ($1)
            """);
        command.Parameters.Add(new() { Value = _sent.Values.Distinct().ToArray() });
        var wrong = new List<string>();
        var found = new Dictionary<string, Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, sku) = (reader.GetGuid(0), reader.GetString(2));
            if (!_sent.TryGetValue(sku, out var customer) || customer != reader.GetGuid(1))
            {
                wrong.Add($"{sku} was never sent by its customer, and exists as {id}.");
            }

            if (!found.TryAdd(sku, id))
            {
                wrong.Add($"{sku} exists twice, as {found[sku]} and {id}.");
            }

            // Nobody cancels here, and no order is at fault: whatever was killed, each is confirmed, once.
            if ((reader.GetString(3), reader.GetString(4)) is var (status, events) && (status != "confirmed" || events != "1 placed, 2 confirmed"))
            {
                wrong.Add($"{sku} ({id}) is {status}: {events}.");
            }
        }

        wrong.AddRange(_acknowledged.Where(order => found.GetValueOrDefault(order.Key) != order.Value)
            .Select(order => $"{order.Key} was acknowledged as {order.Value}, and {(found.TryGetValue(order.Key, out var id) ? $"is {id}" : "is missing")}."));
        wrong.AddRange(_sent.Keys.Except(_acknowledged.Keys).Select(sku => $"{sku} was never answered."));
        return wrong;
    }
}
