using Npgsql;
using NpgsqlTypes;

namespace HighAvail.Tests.UserService;

/// <summary>
/// What the release before the last migration says to the database, word by word. With the next release that adds a script, this becomes what
/// the current one says, and <see cref="LastScript"/> the last script there is now. (Keys and their clean-up are the Order service's, too.)
/// </summary>
internal sealed class PreviousRelease(NpgsqlDataSource dataSource)
{
    public const string LastScript = "0004_feed.sql";

    public Task<int> RegisterAsync(Guid id, string email) => ExecuteAsync(
        """
        WITH key AS (
            INSERT INTO idempotency_keys (scope, request, status, location, entity_tag, body)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (scope) DO NOTHING
            RETURNING scope)INSERT INTO users (id, email, normalized_email, display_name, password_hash, role, version, created_at, updated_at)
        SELECT $7, $8, $9, $10, $11, $12, $13, $14, $14 FROM key
        """,
        new() { Value = id.ToByteArray() },
        new() { Value = new byte[32] },
        new() { Value = (short)201 },
        new() { Value = $"/users/{id}", NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = "\"1\"", NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = "{}"u8.ToArray() },
        new() { Value = id },
        new() { Value = email },
        new() { Value = email },
        new() { Value = "Ann" },
        new() { Value = "a hash" },
        new() { Value = "customer" },
        new() { Value = 1L },
        new() { Value = DateTime.UtcNow });

    public Task<Guid?> FindAccountAsync(string email) => ReadAsync<Guid?>(
        "SELECT id, role, password_hash FROM users WHERE normalized_email = $1 AND deactivated_at IS NULL",
        static reader => reader.GetGuid(0),
        new NpgsqlParameter { Value = email });

    public Task<string?> FindNameAsync(Guid id) => ReadAsync(
        """
        SELECT id, email, display_name, role, created_at, updated_at, version
        FROM users
        WHERE id = $1 AND deactivated_at IS NULL AND (id = $2 OR $3)
        """,
        static reader => reader.GetString(2),
        new() { Value = id },
        new() { Value = id },
        new() { Value = false });

    public Task<int> CreateKeyAsync(string kid) => ExecuteAsync(
        """
        INSERT INTO signing_keys (generation, kid, private_key, public_jwk, not_before, created_at)
        VALUES ($1, $2, $3, $4::jsonb, $5, $5)
        ON CONFLICT (generation) DO NOTHING
        """,
        new() { Value = 1 },
        new() { Value = kid },
        new() { Value = new byte[1] },
        new() { Value = "{}" },
        new() { Value = DateTime.UtcNow });

    public Task<int?> LoadKeysAsync() => ReadAsync<int?>(
        "SELECT private_key, public_jwk::text, not_before FROM signing_keys WHERE retired_at IS NULL ORDER BY generation",
        static reader => reader.GetFieldValue<byte[]>(0).Length);

    private async Task<int> ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<T?> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await reader.ReadAsync(TestContext.Current.CancellationToken) ? read(reader) : default;
    }
}
