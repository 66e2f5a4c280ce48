using Npgsql;

namespace HighAvail.OrderService.Access;

/// <summary>
/// The keys that verify access tokens: in memory, read from the service's own database, where the feed keeps them. So orders are accepted
/// while the User service is down, also after a restart.
/// </summary>
internal sealed class SigningKeyCopy(NpgsqlDataSource dataSource) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile VerificationKey[] _keys = [];

    public bool IsEmpty => _keys.Length == 0;

    public VerificationKey? Find(string keyId) => Array.Find(_keys, key => key.Kid == keyId);

    /// <summary>Reads them, one caller after another, so that none puts back what was there before another looked.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _keys = await ReadAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<VerificationKey[]> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT jwk::text FROM signing_keys
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<VerificationKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var jwk = reader.GetString(0);
            // The same object for the same key: tokens that it verified need not be verified again.
            if (Array.Find(_keys, known => known.Jwk == jwk) is { } known)
            {
                keys.Add(known);
            }
            else if (VerificationKey.TryParse(jwk, out var key))
            {
                keys.Add(key);
            }
        }

        return [.. keys];
    }
}
