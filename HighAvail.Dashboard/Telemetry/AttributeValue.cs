namespace HighAvail.Dashboard.Telemetry;

/// <summary>A property of what was sent, as text.</summary>
public readonly record struct AttributeValue(string Name, string Value);
