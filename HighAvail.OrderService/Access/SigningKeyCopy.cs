using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HighAvail.OrderService.Access;

/// <summary>
/// The keys that verify access tokens: in memory, with a copy in the service's own database, so that orders are accepted while the User
/// service is down, also after a restart.
/// </summary>
internal sealed partial class SigningKeyCopy(
    NpgsqlDataSource dataSource, SigningKeyClient client, IOptions<SigningKeyOptions> options, ILogger<SigningKeyCopy> logger)
    : ISigningKeySource
{
    private volatile VerificationKey[] _keys = [];
    private volatile string[] _stored = [];

    public bool IsEmpty => _keys.Length == 0;

    public SecurityKey? Find(string keyId) => Array.Find(_keys, key => key.Kid == keyId)?.Key;

    /// <summary>Reads the copy.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT jwk::text FROM signing_keys
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<VerificationKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (VerificationKey.TryParse(reader.GetString(0), out var key))
            {
                keys.Add(key);
            }
        }

        _keys = [.. keys];
        _stored = [.. keys.Select(key => key.Kid)];
    }

    /// <summary>Asks for the keys and replaces the copy by them.</summary>
    public async Task UpdateAsync(CancellationToken cancellationToken)
    {
        var keys = await client.GetAsync(cancellationToken);
        if (keys.Count == 0)
        {
            // No issuer is without a key; an empty answer must not lock everyone out.
            return;
        }

        _keys = [.. keys];
        string[] ids = [.. keys.Select(key => key.Kid)];
        if (!_stored.ToHashSet(StringComparer.Ordinal).SetEquals(ids))
        {
            await StoreAsync(ids, [.. keys.Select(key => key.Jwk)]);
            _stored = ids;
        }
    }

    /// <summary>For a request that names an unknown key: bounded, and without keys from elsewhere it is refused.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.UnknownKeyTimeout);
        try
        {
            await UpdateAsync(limit.Token);
        }
#pragma warning disable CA1031 // Whatever kept the keys away, the answer to this request is that its key is not known.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotRefreshed(exception);
        }
    }

    private Task<int> StoreAsync(string[] ids, string[] jwks) => dataSource.WriteAsync(
        """
        WITH gone AS (
            DELETE FROM signing_keys WHERE kid <> ALL ($1))
        INSERT INTO signing_keys (kid, jwk)
        SELECT kid, jwk::jsonb FROM unnest($1, $2) AS fetched (kid, jwk)
        ON CONFLICT (kid) DO NOTHING
        """,
        new() { Value = ids },
        new() { Value = jwks });

    [LoggerMessage(LogLevel.Warning, "An access token names an unknown key, and the keys could not be asked for.")]
    private partial void LogNotRefreshed(Exception exception);
}
