using System.Runtime.CompilerServices;
using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>Where requests wait for a connection, before the pool and not in it.</summary>
/// <remarks>
/// Npgsql counts waiting in the pool and connecting against one time-out, and serves first who has waited longest. When connecting is slower than
/// requests come, after an outage or on a busy machine, that is always one whose time is nearly over: it gives up connecting after a few milliseconds, the
/// place goes to the next with as little left, and no connection comes about for as long as there is load. Behind a gate nobody waits in the pool, so
/// whoever connects has all the time there is for it.
/// </remarks>
public static class ConnectionGate
{
    /// <summary>What the pool keeps for the background work of a replica: sending and hearing signals, the feed, health, cleaning up.</summary>
    internal const int Background = 4;

    // As long as connecting may take: a try in the gateway is over soon after both.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private static readonly ConditionalWeakTable<NpgsqlDataSource, SemaphoreSlim> _gates = [];

    /// <summary>Waits for one of the connections that requests may use at the same time.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The place, to be disposed of after the connection or command.</returns>
    /// <exception cref="NpgsqlException">None was free within a second; nothing was sent.</exception>
    public static async Task<IDisposable> EnterAsync(this NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var gate = _gates.GetValue(dataSource, Create);
        return await gate.WaitAsync(_patience, cancellationToken)
            ? new Place(gate)
            : throw new NpgsqlException("All connections are in use.", new TimeoutException());
    }

    private static SemaphoreSlim Create(NpgsqlDataSource dataSource) =>
        new(Math.Max(1, new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).MaxPoolSize - Background));

    private sealed class Place(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Release();
    }
}
