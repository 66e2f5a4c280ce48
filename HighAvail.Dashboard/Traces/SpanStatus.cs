namespace HighAvail.Dashboard.Traces;

/// <summary>How a span ended (opentelemetry-proto, <c>Status.StatusCode</c>).</summary>
public enum SpanStatus : byte
{
    Unset = 0,
    Ok = 1,
    Error = 2,
}
