using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the app host.</summary>
    Session,

    /// <summary>Beyond the app host.</summary>
    Persistent,
}

/// <summary>
/// Says how long a container would live. Servers that run as plain processes end with the host and keep their data, so they need no longer life.
/// </summary>
[DebuggerDisplay("{Lifetime}")]
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>How long.</summary>
    public required ContainerLifetime Lifetime { get; set; }
}
