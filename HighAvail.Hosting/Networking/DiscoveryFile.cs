using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// The ready replicas of every service, as the configuration file that running services watch: <c>discovery/services.json</c>.
/// </summary>
/// <remarks>
/// It lies alone in its folder, because watching is recursive and anything written beside it would wake every service.
/// For the same reason the next version is written outside of that folder and renamed into it, so that a reader sees
/// one event and always a whole file.
/// </remarks>
internal sealed partial class DiscoveryFile : IDisposable
{
    // The disk may be full for a while: soon enough for a list that replicas' health depends on, seldom enough for a log.
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, string[]>> _services = new(StringComparer.Ordinal);
    private readonly string _nextPath;
    private readonly ILogger _logger;
    private readonly ITimer _retry;
    private byte[] _written = [];
    private bool _disposed;

    /// <summary>Creates the folder and replaces the list of an earlier run, whose replicas are gone, by an empty one.</summary>
    /// <param name="runFolder">The folder for what lives as long as the host.</param>
    /// <param name="timeProvider">Times the repetition of a failed write.</param>
    /// <param name="logger">Told about failed writes.</param>
    public DiscoveryFile(string runFolder, TimeProvider timeProvider, ILogger<DiscoveryFile> logger)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(runFolder), "discovery", "services.json");
        _nextPath = System.IO.Path.Combine(System.IO.Path.GetFullPath(runFolder), "services.json.next");
        _logger = logger;

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        Write(Render());
        _retry = timeProvider.CreateTimer(_ => Save(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// Says where the ready replicas of a service listen. The file is written before this returns, if that changes it.
    /// </summary>
    /// <param name="service">The name that clients use for the service.</param>
    /// <param name="endpointName">The name of the endpoint, which is also the scheme that clients ask for: <c>https</c>.</param>
    /// <param name="ready">Scheme, address and port of each replica; empty when none is ready.</param>
    public void Set(string service, string endpointName, IReadOnlyList<Uri> ready)
    {
        lock (_lock)
        {
            if (!_services.TryGetValue(service, out var endpoints))
            {
                _services[service] = endpoints = new(StringComparer.Ordinal);
            }

            endpoints[endpointName] = [.. ready.Select(uri => uri.GetLeftPart(UriPartial.Authority))];
            Save();
        }
    }

    /// <summary>Forgets a service with all its endpoints.</summary>
    public void Remove(string service)
    {
        lock (_lock)
        {
            _services.Remove(service);
            Save();
        }
    }

    /// <summary>Stops repeating failed writes. The file stays.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _retry.Dispose();
        }
    }

    private void Save()
    {
        lock (_lock)
        {
            var contents = Render();
            if (_disposed || contents.AsSpan().SequenceEqual(_written))
            {
                return;
            }

            try
            {
                Write(contents);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogWriteFailed(e, Path);
                _retry.Change(_retryDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Write(byte[] contents)
    {
        File.WriteAllBytes(_nextPath, contents);
        File.Move(_nextPath, Path, overwrite: true);
        _written = contents;
    }

    private byte[] Render()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("services");
            foreach (var (service, endpoints) in _services)
            {
                // An empty list would shadow the front endpoint, to which the clients of a service without ready replicas fall back.
                var ready = endpoints.Where(endpoint => endpoint.Value.Length > 0).ToList();
                if (ready.Count == 0)
                {
                    continue;
                }

                json.WriteStartObject(service);
                foreach (var (name, addresses) in ready)
                {
                    json.WriteStartArray(name);
                    foreach (var address in addresses)
                    {
                        json.WriteStringValue(address);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} could not be written. Services go on with the replicas they know; trying again.")]
    private partial void LogWriteFailed(Exception exception, string path);
}
