using System.Text.Json;
using HighAvail.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.UserService.Feed;

/// <summary>Reads users and signing keys in the order of the transactions that changed them last.</summary>
/// <remarks>
/// Transactions do not commit in the order of their ids. A reader gets only rows of transactions older than every one still under way
/// (<c>pg_snapshot_xmin</c>), so nothing can turn up later before where its cursor stands.
/// </remarks>
internal sealed class ChangeFeed(NpgsqlDataSource dataSource)
{
    private const int MaxCounted = 10_000;

    /// <summary>The place of a reader; <see langword="null"/> when it has to begin anew.</summary>
    public async Task<ChangeCursor?> FindStartAsync(ChangeCursor? after, CancellationToken cancellationToken)
    {
        var (epoch, nextTransaction, isCurrent) = await ReadEpochAsync(cancellationToken);
        if (!isCurrent)
        {
            await BeginEpochAsync();
            (epoch, nextTransaction, _) = await ReadEpochAsync(cancellationToken);
        }

        return after switch
        {
            null => new ChangeCursor(epoch, Transaction: 0, Position: 0),
            // One from the future: the server has lost transactions that this reader has seen.
            { } cursor when cursor.Epoch != epoch || cursor.Transaction >= nextTransaction => null,
            _ => after,
        };
    }

    /// <summary>At most <paramref name="limit"/> changes after a cursor.</summary>
    public async Task<Changes> ReadAsync(ChangeCursor after, int limit, CancellationToken cancellationToken)
    {
        // One beyond the limit, and those that are not settled yet: they only say that more is to come.
        await using var command = dataSource.CreateCommand(
            """
            WITH changes AS (
                (SELECT feed_xid, feed_position, updated_at AS at, id, version, display_name, deactivated_at, NULL AS jwk, NULL::boolean AS is_retired
                 FROM users
                 WHERE (feed_xid, feed_position) > ($1, $2)
                 ORDER BY feed_xid, feed_position LIMIT $3)
                UNION ALL
                (SELECT feed_xid, feed_position, coalesce(retired_at, created_at), NULL, NULL, NULL, NULL, public_jwk::text, retired_at IS NOT NULL
                 FROM signing_keys
                 WHERE (feed_xid, feed_position) > ($1, $2)
                 ORDER BY feed_xid, feed_position LIMIT $3))
            SELECT feed_xid, feed_position, at, feed_xid < pg_snapshot_xmin(pg_current_snapshot()),
                   id, version, display_name, deactivated_at, jwk, is_retired
            FROM changes
            ORDER BY feed_xid, feed_position LIMIT $3
            """);
        AddPlace(command, after);
        command.Parameters.Add(new() { Value = limit + 1 });
        var changes = new Changes(after);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (changes.Count == limit || !reader.GetBoolean(3))
            {
                changes.RemainingSince = reader.GetFieldValue<DateTime>(2);
                break;
            }

            changes.Last = after with { Transaction = reader.GetFieldValue<ulong>(0), Position = reader.GetInt64(1) };
            if (reader.IsDBNull(8))
            {
                changes.Users.Add(new UserChange(
                    reader.GetGuid(4),
                    reader.GetInt64(5),
                    reader.GetString(6),
                    reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTime>(7)));
            }
            else
            {
                changes.Keys.Add(new KeyChange(
                    JsonSerializer.Deserialize(reader.GetString(8), UserServiceJson.Default.PublicKey)!, reader.GetBoolean(9)));
            }
        }

        return changes;
    }

    /// <summary>How many changes come after a cursor, counted up to a limit.</summary>
    public async Task<int> CountAsync(ChangeCursor after, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT count(*)::integer FROM (
                (SELECT 1 FROM users WHERE (feed_xid, feed_position) > ($1, $2) LIMIT $3)
                UNION ALL
                (SELECT 1 FROM signing_keys WHERE (feed_xid, feed_position) > ($1, $2) LIMIT $3)) AS remaining
            """);
        AddPlace(command, after);
        command.Parameters.Add(new() { Value = MaxCounted });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void AddPlace(NpgsqlCommand command, ChangeCursor after)
    {
        command.Parameters.Add(new() { Value = after.Transaction, NpgsqlDbType = NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = after.Position });
    }

    private async Task<(Guid Epoch, ulong NextTransaction, bool IsCurrent)> ReadEpochAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT epoch, pg_snapshot_xmax(pg_current_snapshot()), identity = feed_identity() FROM feed_epoch
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetGuid(0), reader.GetFieldValue<ulong>(1), reader.GetBoolean(2));
    }

    // Of replicas that find it at once, one changes the epoch and the others find it done. The stamps come from the columns' defaults:
    // those of the other cluster may lie in the future of this one.
    private Task<int> BeginEpochAsync() => dataSource.WriteAsync(
        """
        WITH begun AS (
            UPDATE feed_epoch SET epoch = gen_random_uuid(), identity = feed_identity()
            WHERE identity <> feed_identity()
            RETURNING epoch),
        stamped AS (
            UPDATE signing_keys SET feed_xid = DEFAULT, feed_position = DEFAULT FROM begun)
        UPDATE users SET feed_xid = DEFAULT, feed_position = DEFAULT FROM begun
        """);
}
