using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What a reference puts into the environment of the resource that refers.</summary>
[Flags]
#pragma warning disable CA1711 // The name is Aspire's.
public enum ReferenceEnvironmentInjectionFlags
#pragma warning restore CA1711
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>ConnectionStrings__name</c>.</summary>
    ConnectionString = 1,

    /// <summary>The parts of a connection, such as <c>NAME_HOST</c>.</summary>
    ConnectionProperties = 2,

    /// <summary><c>services__name__http__0</c>.</summary>
    ServiceDiscovery = 4,

    /// <summary>The addresses of endpoints by a short name, such as <c>NAME_HTTP</c>.</summary>
    Endpoints = 8,

    /// <summary>Everything, which is the default.</summary>
    All = ConnectionString | ConnectionProperties | ServiceDiscovery | Endpoints,
}

/// <summary>Limits what references put into a resource's environment.</summary>
/// <param name="flags">What they may.</param>
[DebuggerDisplay("{Flags}")]
public sealed class ReferenceEnvironmentInjectionAnnotation(ReferenceEnvironmentInjectionFlags flags) : IResourceAnnotation
{
    /// <summary>What references may put there.</summary>
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;

    internal static bool Allows(IResource resource, ReferenceEnvironmentInjectionFlags kind) =>
        !resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var limit) || limit.Flags.HasFlag(kind);
}
