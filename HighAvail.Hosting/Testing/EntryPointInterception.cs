using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Testing;

/// <summary>
/// Lets a test run the entry point of an app host and take over the application that it describes. It travels with the execution context,
/// so that several tests can do so at once.
/// </summary>
internal sealed class EntryPointInterception
{
    private static readonly AsyncLocal<EntryPointInterception?> _current = new();

    private readonly Action<DistributedApplicationOptions, HostApplicationBuilderSettings> _constructing;
    private readonly Action<DistributedApplicationBuilder> _building;
    private readonly Action<DistributedApplication> _built;

    internal EntryPointInterception(
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> constructing,
        Action<DistributedApplicationBuilder> building,
        Action<DistributedApplication> built)
    {
        _constructing = constructing;
        _building = building;
        _built = built;
    }

    internal static EntryPointInterception? Current
    {
        get => _current.Value;
        set => _current.Value = value;
    }

    /// <summary>The builder is about to be made of these options, which can be changed.</summary>
    internal void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) => _constructing(options, settings);

    /// <summary>The application is described; it is built when this returns.</summary>
    internal void Building(DistributedApplicationBuilder builder) => _building(builder);

    /// <summary>The application is there.</summary>
    internal void Built(DistributedApplication application) => _built(application);
}
