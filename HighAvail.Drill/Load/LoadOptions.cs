using System.ComponentModel.DataAnnotations;

namespace HighAvail.Drill.Load;

/// <summary>How much is asked, and how patiently.</summary>
internal sealed record LoadOptions
{
    internal const int MinRate = 1;
    internal const int MaxRate = 10_000;

    /// <summary>Requests per second. 100 is a busy shop, and leaves two cores that run everything at once room to heal.</summary>
    [Range(MinRate, MaxRate)]
    public int Rate { get; init; } = 100;

    /// <summary>Registering one costs the service a password hash, so they are few; enough that no one customer's order book is long.</summary>
    [Range(1, 1_000)]
    public int Customers { get; init; } = 24;

    /// <summary>Longer than any time-out inside the system (15 s at the gateway): giving up earlier would hide what it would have answered.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// When everything stalls, every waiting request holds a connection: 20 s at the usual rate are 2 000, and so many handshakes at once
    /// would be a load of their own. Who waits for a connection waits on the clock.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; init; } = 512;

    /// <summary>How long a customer looks at an order: what happens to it usually happens within a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan WatchDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long before its end a token is renewed: time for many attempts while the User service is away. Tokens live five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:04:00")]
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromSeconds(120);
}
