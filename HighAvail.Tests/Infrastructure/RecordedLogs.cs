using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HighAvail.Tests.Infrastructure;

/// <summary>What a service logs at the most talkative level, as any logger could write or export it: message, values, scopes, exception.</summary>
[ProviderAlias("Recorded")]
internal sealed class RecordedLogs : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Everything, whatever is set for others.</summary>
    public static readonly (string Key, string Value) Setting = ("Logging:Recorded:LogLevel:Default", nameof(LogLevel.Trace));

    private readonly ConcurrentQueue<Entry> _entries = [];
    private IExternalScopeProvider? _scopes;
    private volatile bool _isOn;

    public IReadOnlyCollection<Entry> Entries => _entries;

    /// <summary>Those of one request.</summary>
    public IEnumerable<Entry> Of(HttpResponseMessage response)
    {
        var traceId = response.Headers.GetValues("X-Trace-Id").Single();
        return _entries.Where(entry => entry.TraceId == traceId);
    }

    /// <summary>From now on, without what was before.</summary>
    public void Start()
    {
        _entries.Clear();
        _isOn = true;
    }

    public void Stop()
    {
        _isOn = false;
        _entries.Clear();
    }

    public void AddTo(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    /// <param name="Level">How important it is.</param>
    /// <param name="Category">Who said it.</param>
    /// <param name="Event">What it is about.</param>
    /// <param name="TraceId">The request in which it was said.</param>
    /// <param name="Text">All of it.</param>
    /// <param name="Values">What was put into the message, by name.</param>
    internal sealed record Entry(LogLevel Level, string Category, EventId Event, string? TraceId, string Text, IReadOnlyDictionary<string, string> Values);

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logs._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logs._isOn;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!logs._isOn)
            {
                return;
            }

            var parts = new List<string> { $"{category} {eventId}: {formatter(state, exception)}" };
            var values = new Dictionary<string, string>();
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                values[name] = $"{value}";
                parts.Add($"{name}={value}");
            }

            logs._scopes?.ForEachScope(static (scope, parts) => parts.Add($"{scope}"), parts);
            parts.Add($"{exception}");
            logs._entries.Enqueue(new Entry(logLevel, category, eventId, Activity.Current?.TraceId.ToHexString(), string.Join('\n', parts), values));
        }
    }
}
