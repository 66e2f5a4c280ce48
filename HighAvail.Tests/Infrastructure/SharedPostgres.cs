
[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace HighAvail.Tests.Infrastructure;

/// <summary>One Postgres for all tests that do not disturb it, started by the first that asks.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private PostgresServer? _server;

    public async Task<PostgresServer> GetAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await PostgresServer.StartNewAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _one.Dispose();
    }
}
