using HighAvail.Dashboard.Telemetry.Protobuf;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>
/// Goes through the groups of a request by resource and scope. The three signals have the same form: <c>ResourceSpans</c> in field 1,
/// in it the <c>Resource</c> in 1 and <c>ScopeSpans</c> in 2, in which the scope is 1 and the items are 2.
/// </summary>
internal ref struct OtlpGroups(ReadOnlySpan<byte> request, TelemetryResources resources)
{
    private ProtobufReader _request = new(request);
    private ProtobufReader _scopes;
    private TelemetryResource? _resource;

    public OtlpGroup Current { get; private set; }

    public readonly OtlpGroups GetEnumerator() => this;

    /// <exception cref="MalformedProtobufException">It is no such request.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            while (_resource is not null && _scopes.Read())
            {
                if ((_scopes.Field, _scopes.Type) == (2, WireType.Bytes))
                {
                    Current = new OtlpGroup(_resource, resources.ReadScope(Part(_scopes.Bytes)), _scopes.Bytes);
                    return true;
                }
            }

            if (!_request.Read())
            {
                return false;
            }

            if ((_request.Field, _request.Type) == (1, WireType.Bytes))
            {
                // Fields may come in any order, and the items belong to the resource wherever it stands.
                _resource = resources.Get(Part(_request.Bytes));
                _scopes = new ProtobufReader(_request.Bytes);
            }
        }
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if ((reader.Field, reader.Type) == (1, WireType.Bytes))
            {
                return reader.Bytes;
            }
        }

        return [];
    }
}
