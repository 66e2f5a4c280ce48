using HighAvail.UserService.Keys;
using Npgsql;

namespace HighAvail.Tests.UserService.Access;

public sealed class AccessCleanUpTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // More than are deleted at once.
    [Fact]
    public async Task CleanUp_EndedSessionsAndForgottenFailures_AreDeletedAndOthersStay()
    {
        var database = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation);
        await using var service = await ServiceReplica<SigningKeyStore>.StartReadyAsync(
            ("ConnectionStrings:usersdb", database), ("Tokens:CleanUpInterval", "00:00:00.100"));
        await using var dataSource = NpgsqlDataSource.Create(database);
        await ExecuteAsync(dataSource, """
            INSERT INTO users (id, email, normalized_email, display_name, password_hash, created_at, updated_at)
            VALUES (gen_random_uuid(), 'ann@example.org', 'ann@example.org', 'Ann', 'no hash', now(), now())
            """);
        await ExecuteAsync(dataSource, """
            WITH families AS (
                INSERT INTO refresh_families (id, user_id, expires_at)
                SELECT gen_random_uuid(), users.id, now() + CASE WHEN number <= 250 THEN interval '-1 second' ELSE interval '1 hour' END
                FROM users, generate_series(1, 253) AS number
                RETURNING id)
            INSERT INTO refresh_tokens (hash, family_id) SELECT sha256(id::text::bytea || number::text::bytea), id FROM families, generate_series(1, 2) AS number
            """);
        await ExecuteAsync(dataSource, """
            INSERT INTO login_failures (email_hash, failures, failed_at, locked_until)
            VALUES ('old', 1, now() - interval '16 minutes', now()), ('new', 1, now() - interval '14 minutes', now())
            """);

        await Eventually.TrueAsync(async () => await CountAsync(dataSource, "refresh_families WHERE expires_at < now()") == 0, "ended sessions are gone");
        await Eventually.TrueAsync(async () => await CountAsync(dataSource, "login_failures") == 1, "the old failure is gone");
        Assert.Equal(3, await CountAsync(dataSource, "refresh_families"));
        Assert.Equal(6, await CountAsync(dataSource, "refresh_tokens"));
        Assert.Equal(1, await CountAsync(dataSource, "login_failures WHERE email_hash = 'new'"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> CountAsync(NpgsqlDataSource dataSource, string what)
    {
        await using var command = dataSource.CreateCommand($"SELECT count(*) FROM {what}");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
