using System.Reflection;

namespace HighAvail.Hosting;

/// <summary>How an app host is set up.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The assembly that describes the application; the program's own unless set.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The folder of the app host's project; found by the build's metadata unless set.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether there is no dashboard; the same as the setting <c>HighAvail:DisableDashboard</c>.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The registry of all container images, instead of their own.</summary>
    public string? ContainerRegistryOverride { get; set; }

    internal Assembly? Assembly => AssemblyName is null ? Assembly.GetEntryAssembly() : Assembly.Load(AssemblyName);
}
