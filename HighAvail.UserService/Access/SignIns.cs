using System.Security.Cryptography;
using System.Text;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace HighAvail.UserService.Access;

/// <summary>What is known of an account before its password is checked, and what is written afterwards. Failures are counted for all replicas.</summary>
/// <remarks>An address without an account is treated in the same way in all, so that nobody finds out which have one.</remarks>
internal sealed class SignIns(
    NpgsqlDataSource dataSource, IOptions<LockoutOptions> lockout, IOptions<TokenOptions> tokens, TimeProvider timeProvider)
{
    public async Task<Known> FindAsync(string email, CancellationToken cancellationToken)
    {
        await using var rented = await dataSource.RentAsync(cancellationToken);
        await using var command = rented.CreateCommand(
            """
            SELECT users.id, users.password_hash, login_failures.locked_until
            FROM (VALUES ($1, $2)) AS asked (email, hash)
            LEFT JOIN users ON users.normalized_email = asked.email AND users.deactivated_at IS NULL
            LEFT JOIN login_failures ON login_failures.email_hash = asked.hash
            """);
        // What is no address, and may not be text for Postgres either, is asked for as one that nobody has.
        command.Parameters.Add(new() { Value = EmailAddress.IsValid(email) ? EmailAddress.Normalize(email) : string.Empty });
        command.Parameters.Add(new() { Value = Hash(email) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Known(
            reader.IsDBNull(0) ? null : reader.GetGuid(0),
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? TimeSpan.Zero : reader.GetFieldValue<DateTime>(2) - timeProvider.GetUtcNow().UtcDateTime);
    }

    /// <summary>Counts a failure; <see langword="false"/> when the account is locked already, which those do not extend that came before they could know.</summary>
    public async Task<bool> FailAsync(string email)
    {
        var (options, now) = (lockout.Value, timeProvider.GetStoredNow());
        // The exponent has an end, because an interval has.
        return await dataSource.WriteAsync(
            """
            INSERT INTO login_failures AS known (email_hash, failures, failed_at, locked_until)
            VALUES ($1, 1, $2, CASE WHEN $4 > 1 THEN $2 ELSE $2 + $5 END)
            ON CONFLICT (email_hash) DO UPDATE
            SET (failures, failed_at, locked_until) = (
                SELECT number, $2, CASE WHEN number < $4 THEN $2 ELSE $2 + least($5 * 2 ^ least(number - $4, 20), $6) END
                FROM (SELECT CASE WHEN known.failed_at < $3 THEN 1 ELSE known.failures + 1 END) AS next (number))
            WHERE known.locked_until <= $2
            """,
            new() { Value = Hash(email) },
            new() { Value = now },
            new() { Value = now - options.Memory },
            new() { Value = options.MaxFailures },
            new() { Value = options.FirstLock },
            new() { Value = options.LongestLock }) > 0;
    }

    /// <summary>
    /// Forgets the failures and stores the first refresh token of the new sign-in, and the password's new hash where there is one. Returns the role of the user;
    /// <see langword="null"/> when the account has been locked or deactivated meanwhile, or has another password.
    /// </summary>
    /// <param name="email">The address with which he signs in.</param>
    /// <param name="userId">The user.</param>
    /// <param name="passwordHash">What his password was checked against.</param>
    /// <param name="newPasswordHash">What to store instead.</param>
    /// <param name="refreshToken">The first one.</param>
    public Task<string?> SucceedAsync(string email, Guid userId, string passwordHash, string? newPasswordHash, string refreshToken)
    {
        var now = timeProvider.GetStoredNow();
        return dataSource.WriteAsync(
            """
            WITH account AS (
                SELECT id, role FROM users
                WHERE id = $1 AND deactivated_at IS NULL AND password_hash = $8
                AND NOT EXISTS (SELECT FROM login_failures WHERE email_hash = $2 AND locked_until > $3)),
            family AS (
                INSERT INTO refresh_families (id, user_id, expires_at) SELECT $4, id, $5 FROM account RETURNING id),
            token AS (
                INSERT INTO refresh_tokens (hash, family_id) SELECT $6, id FROM family),
            forgotten AS (
                DELETE FROM login_failures USING account WHERE email_hash = $2),
            rehashed AS (
                UPDATE users SET password_hash = $7 FROM account WHERE users.id = account.id AND password_hash = $8 AND $7 IS NOT NULL)
            SELECT role FROM account
            """,
            [
                new() { Value = userId },
                new() { Value = Hash(email) },
                new() { Value = now },
                new() { Value = Guid.CreateVersion7(timeProvider.GetUtcNow()) },
                new() { Value = now + tokens.Value.SessionLifetime },
                new() { Value = RefreshTokens.Hash(refreshToken) },
                new() { Value = (object?)newPasswordHash ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = passwordHash },
            ],
            static async command => (string?)await command.ExecuteScalarAsync(CancellationToken.None));
    }

    // Of whatever was sent: it need not be an address to be counted.
    private static byte[] Hash(string email) => SHA256.HashData(Encoding.UTF8.GetBytes(EmailAddress.Normalize(email)));

    /// <param name="UserId">The user with this address.</param>
    /// <param name="PasswordHash">What his password is checked against.</param>
    /// <param name="LockedFor">How long no password is checked, if that is more than nothing.</param>
    public sealed record Known(Guid? UserId, string? PasswordHash, TimeSpan LockedFor);
}
