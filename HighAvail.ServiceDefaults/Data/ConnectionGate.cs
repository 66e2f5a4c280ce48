using System.Runtime.CompilerServices;
using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>Where requests wait for a connection: before the pool, and after an outage one by one.</summary>
/// <remarks>
/// Inside the pool waiting and connecting share one time-out, and a connection that is not made in time was work for nothing, on both sides. When
/// Postgres comes back, every request of every replica would connect at once; on a machine that is then too busy to finish any of them in time all are given up
/// and tried anew, for as long as there is load. So the gate lets in as many as the pool is good for, and after a failure to connect only one, then twice as many with
/// each success: the slow start of TCP (RFC 5681). Whoever connects has all the time there is for it, also when its client has gone.
/// </remarks>
#pragma warning disable CA1001 // It lives as long as its data source, and a semaphore whose wait handle nobody asks for holds nothing.
internal sealed class ConnectionGate
#pragma warning restore CA1001
{
    /// <summary>What the pool keeps for the background work of a replica: sending and hearing signals, the feed, health, cleaning up.</summary>
    internal const int Background = 4;

    // Long enough for a burst, short enough that whoever asked can try another replica. It is the second that a lock is waited for, too.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    // By data source, because that is what every statement has in hand, whoever registered it.
    private static readonly ConditionalWeakTable<NpgsqlDataSource, ConnectionGate> _gates = [];

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places;
    private readonly int _most;
    private int _limit;
    private int _withheld;

    private ConnectionGate(int most)
    {
        (_most, _limit) = (most, most);
        _places = new SemaphoreSlim(most);
    }

    public static ConnectionGate Of(NpgsqlDataSource dataSource) => _gates.GetValue(dataSource, static source =>
        new ConnectionGate(Math.Max(1, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize - Background)));

    /// <summary>Whether a place was free in time.</summary>
    public Task<bool> TryEnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(_patience, cancellationToken);

    /// <summary>A connection was had.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _limit) == _most)
        {
            return;
        }

        lock (_lock)
        {
            _limit = Math.Min(_most, 2 * _limit);
            GiveBack();
        }
    }

    /// <summary>None was to be had. The place is still to be left.</summary>
    public void Failed()
    {
        lock (_lock)
        {
            _limit = 1;
            while (_most - _withheld > _limit && _places.Wait(0, CancellationToken.None))
            {
                _withheld++;
            }
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _withheld++;
            GiveBack();
        }
    }

    private void GiveBack()
    {
        var more = _limit - (_most - _withheld);
        if (more > 0)
        {
            _withheld -= more;
            _places.Release(more);
        }
    }
}
