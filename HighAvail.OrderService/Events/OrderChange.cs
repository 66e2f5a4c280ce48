using System.Text.Json.Serialization;

namespace HighAvail.OrderService.Events;

/// <summary>What a client is told of a change.</summary>
internal sealed record OrderChange(
    string Status,
    long Version,
    DateTime At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);
