namespace HighAvail.Dashboard.Telemetry;

/// <summary>A process that sends telemetry.</summary>
/// <param name="service">Its <c>service.name</c>.</param>
/// <param name="instance">Its <c>service.instance.id</c>: the name of the replica, if the host started it.</param>
/// <param name="color">Which colour its service has: the same for all replicas.</param>
public sealed class TelemetryResource(string service, string instance, int color)
{
    private const int ShortId = 8;

    public string Service { get; } = service;

    public string Instance { get; } = instance;

    public int Color { get; } = color;

    /// <summary>What people call it: the replica's name, or the service and the beginning of an id that nobody can remember.</summary>
    public string Name { get; } = instance.Length == 0 || instance == service ? service
        : instance.StartsWith(service, StringComparison.Ordinal) ? instance
        : $"{service}-{(Guid.TryParse(instance, out _) ? instance[..ShortId] : instance)}";

    /// <summary>The <c>Resource</c> as it was sent last.</summary>
    public byte[] Message { get; set; } = [];

    public List<AttributeValue> ReadAttributes() => Attributes.ReadAll(Message, 1);

    /// <summary>Whether somebody means it by a name: its own or its service's.</summary>
    public bool Is(string name) => name == Name || name == Service;

    public override string ToString() => Name;
}
