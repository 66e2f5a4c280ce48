using System.Security.Cryptography;
using System.Text;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HighAvail.UserService.Access;

/// <summary>Makes the account that the settings name an administrator with the password that they say, whenever they are others than before.</summary>
/// <remarks>
/// So whoever sets a new password can sign in with it, also when the account was deactivated or is no administrator any more, and nobody else can who knew the
/// old one. While the settings stay as they are, no start undoes what was changed in the system. Settings that were replaced are never applied again: while
/// replicas are replaced one by one, one of before may start anew with what it was told.
/// </remarks>
internal sealed partial class FirstAdministrator(
    NpgsqlDataSource dataSource,
    PasswordHashes passwords,
    DerivedKeys keys,
    IOptions<AdministratorOptions> options,
    TimeProvider timeProvider,
    ILogger<FirstAdministrator> logger) : IStartupTask
{
    public string Name => "first administrator";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.IsWanted)
        {
            return;
        }

        var fingerprint = Fingerprint();
        if (await IsCurrentAsync(fingerprint, cancellationToken) is { } isCurrent)
        {
            if (!isCurrent)
            {
                LogReplaced();
            }

            return;
        }

        var passwordHash = await passwords.HashAsync(options.Value.Password!, cancellationToken)
            ?? throw new InvalidOperationException("Too many passwords are being checked, by a service that nobody should be asking yet.");
        if (await ApplyAsync(fingerprint, passwordHash))
        {
            LogApplied();
        }
    }

    private byte[] Fingerprint() => HMACSHA256.HashData(
        keys.Derive("first administrator"), Encoding.UTF8.GetBytes($"{options.Value.Email}\n{options.Value.Password}"));

    /// <summary>Whether the settings are those that were applied last; <see langword="null"/> when they never were.</summary>
    private async Task<bool?> IsCurrentAsync(byte[] fingerprint, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT fingerprint = $1 FROM first_administrator WHERE fingerprint = $1 OR $1 = ANY (replaced)
            """);
        command.Parameters.Add(new() { Value = fingerprint });
        return (bool?)await command.ExecuteScalarAsync(cancellationToken);
    }

    // Of replicas that start at once, one changes the fingerprint, and the others find it changed; which is also decided here and not before.
    private async Task<bool> ApplyAsync(byte[] fingerprint, string passwordHash)
    {
        var user = options.Value.ToRequest();
        return await dataSource.WriteAsync(
            """
            WITH changed AS (
                INSERT INTO first_administrator AS known (fingerprint) VALUES ($1)
                ON CONFLICT (only_one) DO UPDATE SET fingerprint = excluded.fingerprint, replaced = known.replaced || known.fingerprint
                WHERE known.fingerprint <> excluded.fingerprint AND excluded.fingerprint <> ALL (known.replaced)
                RETURNING fingerprint),
            account AS (
                INSERT INTO users (id, email, normalized_email, display_name, password_hash, role, version, created_at, updated_at)
                SELECT $2, $3, $4, $5, $6, $7, 1, $8, $8 FROM changed
                ON CONFLICT (normalized_email) DO UPDATE
                SET password_hash = excluded.password_hash, role = excluded.role, deactivated_at = NULL,
                    version = users.version + 1, updated_at = greatest(excluded.updated_at, users.updated_at)
                RETURNING id),
            ended AS (
                DELETE FROM refresh_families USING account WHERE refresh_families.user_id = account.id)
            SELECT id FROM account
            """,
            [
                new() { Value = fingerprint },
                new() { Value = Guid.CreateVersion7(timeProvider.GetUtcNow()) },
                new() { Value = user.Email! },
                new() { Value = EmailAddress.Normalize(user.Email!) },
                new() { Value = user.DisplayName! },
                new() { Value = passwordHash },
                new() { Value = AccessClaims.AdminRole },
                new() { Value = timeProvider.GetStoredNow() },
            ],
            static async command => await command.ExecuteScalarAsync(CancellationToken.None) is not null);
    }

    [LoggerMessage(LogLevel.Information, "The account that the settings name is an administrator, with their password.")]
    private partial void LogApplied();

    [LoggerMessage(
        LogLevel.Warning,
        "The first administrator's address and password were replaced by others since they were set, and change nothing. To change them, set a password that was never set before.")]
    private partial void LogReplaced();
}
