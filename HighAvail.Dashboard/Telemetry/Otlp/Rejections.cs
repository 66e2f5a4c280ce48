namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>What of a request could not be kept, although the request is sound: the sender learns how much, and why (OTLP, "Partial Success").</summary>
internal sealed class Rejections
{
    public long Count { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    public void Add(string reason) => (Count, Reason) = (Count + 1, reason);
}
