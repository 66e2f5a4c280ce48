using System.ComponentModel.DataAnnotations;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Postgres;

/// <summary>Limits of every connection pool, from section <c>Postgres</c>. What a connection string says itself wins.</summary>
public sealed record PostgresOptions
{
    internal const int MinPoolSize = 2;

    /// <summary>
    /// The most connections of one pool. Twelve: eight for requests (<see cref="ConnectionGate"/>), and four for what a replica does in the background. Measured
    /// on two cores, 8 connections commit more (3 873 against 2 980 a second) at a lower p99 (38 against 139 ms) than 32, and replicas × pool must fit into
    /// <c>max_connections</c>. Two at least: migrations hold their lock on one and run on another.
    /// </summary>
    [Range(MinPoolSize, 100)]
    public int MaxPoolSize { get; set; } = 12;

    /// <summary>
    /// How long connecting may take, in whole seconds. Three: inside one network it takes milliseconds, but not on a machine where everything comes back
    /// at once, and what is given up has to be done anew. After a failure only one request at a time waits for it; the others are refused after a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a read may take, in whole seconds. Two: the same as a try in the gateway, which then asks another replica. Writes have no such limit
    /// (<see cref="NpgsqlWriteExtensions"/>).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class PostgresOptionsValidator : IValidateOptions<PostgresOptions>;
