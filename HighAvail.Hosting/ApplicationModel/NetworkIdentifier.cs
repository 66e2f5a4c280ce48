namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A network in which an endpoint has an address.</summary>
/// <param name="Value">The network's name.</param>
public sealed record NetworkIdentifier(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>The networks that have a meaning of their own.</summary>
public static class KnownNetworkIdentifiers
{
    /// <summary>This machine, where all processes run.</summary>
    public static NetworkIdentifier LocalhostNetwork { get; } = new("localhost");

    /// <summary>The network that containers share. Nothing is in it here unless the app host says so.</summary>
    public static NetworkIdentifier DefaultAspireContainerNetwork { get; } = new("aspire-container-network");

    /// <summary>Everybody's network.</summary>
    public static NetworkIdentifier PublicInternet { get; } = new(".");
}
