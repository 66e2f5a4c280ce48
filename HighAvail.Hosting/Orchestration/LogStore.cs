using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>The output of all replicas: recent lines in memory, more in files in the folder (if there is one), one per replica.</summary>
internal sealed class LogStore(string? folder, LogOptions options, TimeProvider time, ILogger<LogStore> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ReplicaLog>> _logs = new(StringComparer.Ordinal);

    /// <summary>The log of a replica, which comes into being with the first call.</summary>
    public ReplicaLog For(string replica) =>
        _logs.GetOrAdd(replica, name => new(() => Create(name))).Value;

    /// <summary>Writes what is pending and closes the files.</summary>
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Value.Dispose();
        }
    }

    private ReplicaLog Create(string replica) =>
        new(folder is null ? null : new LogFile(Path.Combine(folder, replica + ".log"), options, time, logger), options, time);
}
