using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>Who sent something, in the order in which they first did.</summary>
internal sealed class TelemetryResources
{
    // A replica that starts anew keeps its name where the host gives it one. Others have a new id each time: of them, the first are forgotten.
    private const int MaxCount = 1_000;

    // "If not specified, the value is unknown_service" (OpenTelemetry semantic conventions, Service).
    private const string Unknown = "unknown_service";

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<(string Service, string Instance), TelemetryResource> _all = [];
    private readonly OrderedDictionary<string, int> _services = [];
    private readonly TextPool _names = new();

    public IReadOnlyList<TelemetryResource> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all.Values];
            }
        }
    }

    /// <summary>The text of a name, of which there is one only.</summary>
    public string NameOf(ReadOnlySpan<byte> utf8) => _names.Get(utf8);

    /// <summary>The sender that a <c>Resource</c> stands for.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public TelemetryResource Get(ReadOnlySpan<byte> message)
    {
        CheckAttributes(message, 1);
        var service = Attributes.Find(message, 1, "service.name"u8) is { Length: > 0 } name ? name : Unknown;
        var instance = Attributes.Find(message, 1, "service.instance.id"u8) ?? string.Empty;
        lock (_lock)
        {
            if (!_all.TryGetValue((service, instance), out var resource))
            {
                if (_all.Count == MaxCount)
                {
                    _all.RemoveAt(0);
                }

                if (!_services.TryGetValue(service, out var color))
                {
                    if (_services.Count == MaxCount)
                    {
                        _services.RemoveAt(0);
                    }

                    _services[service] = color = _services.Count;
                }

                _all[(service, instance)] = resource = new TelemetryResource(service, instance, color);
            }

            if (!message.SequenceEqual(resource.Message))
            {
                resource.Message = message.ToArray();
            }

            return resource;
        }
    }

    /// <summary>The library that an <c>InstrumentationScope</c> stands for.</summary>
    /// <exception cref="MalformedProtobufException">It is none.</exception>
    public TelemetryScope ReadScope(ReadOnlySpan<byte> message)
    {
        var (name, version) = (string.Empty, string.Empty);
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Bytes):
                    name = NameOf(reader.Bytes);
                    break;
                case (2, WireType.Bytes):
                    version = NameOf(reader.Bytes);
                    break;
            }
        }

        return new TelemetryScope(name, version);
    }

    private static void CheckAttributes(ReadOnlySpan<byte> message, int field)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == field && reader.Type == WireType.Bytes)
            {
                Attributes.Check(reader.Bytes);
            }
        }
    }
}
