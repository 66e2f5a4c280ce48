namespace HighAvail.Dashboard.Traces;

/// <summary>What part a span has in a call (opentelemetry-proto, <c>Span.SpanKind</c>).</summary>
public enum SpanKind : byte
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
