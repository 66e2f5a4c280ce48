using System.Runtime.CompilerServices;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>The logs of resources and replicas: what their processes print, and what the host has to say about them.</summary>
public class ResourceLoggerService
{
    private readonly LogStore _logs;

    /// <summary>Keeps logs in memory alone.</summary>
    public ResourceLoggerService()
        : this(new LogStore(null, new LogOptions(), TimeProvider.System, NullLogger<LogStore>.Instance))
    {
    }

    internal ResourceLoggerService(LogStore logs) => _logs = logs;

    /// <summary>Writes to the log of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The logger.</returns>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.Name);
    }

    /// <summary>Writes to the log of a resource or replica.</summary>
    /// <param name="resourceName">Its name.</param>
    /// <returns>The logger.</returns>
    public ILogger GetLogger(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return new Logger(_logs.For(resourceName));
    }

    /// <summary>What the log of a resource or replica holds, then what comes.</summary>
    /// <param name="resourceName">Its name.</param>
    /// <param name="cancellationToken">Ends the sequence.</param>
    /// <returns>The lines.</returns>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(
        string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        await foreach (var line in _logs.For(resourceName).FollowAsync(0, cancellationToken).ConfigureAwait(false))
        {
            yield return [new((int)line.Sequence, line.Text, line.IsError)];
        }
    }

    /// <summary>What the log of a resource holds, then what comes.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>What the log of a resource or replica holds now.</summary>
    /// <param name="resourceName">Its name.</param>
    /// <returns>The lines.</returns>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        await Task.CompletedTask.ConfigureAwait(false);
        if (_logs.For(resourceName).Snapshot() is { Count: > 0 } lines)
        {
            yield return [.. lines.Select(l => new LogLine((int)l.Sequence, l.Text, l.IsError))];
        }
    }

    /// <summary>What the log of a resource holds now.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>The lines.</returns>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(resource.Name);
    }

    /// <summary>Ends the log of a resource: those who watch it are given what it holds, and no more.</summary>
    /// <param name="resource">The resource.</param>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        Complete(resource.Name);
    }

    /// <summary>Ends the log of a resource or replica: those who watch it are given what it holds, and no more.</summary>
    /// <param name="name">Its name.</param>
    public void Complete(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _logs.For(name).Complete();
    }

    private sealed class Logger(ReplicaLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            log.Append(logLevel >= LogLevel.Error, exception is null ? text : $"{text} {exception.Message}");
        }
    }
}

/// <summary>A line of a log.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">The text.</param>
/// <param name="IsErrorMessage">Whether it was printed to the standard error stream, or is an error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
