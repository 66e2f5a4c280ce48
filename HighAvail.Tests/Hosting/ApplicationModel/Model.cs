using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.ApplicationModel;

/// <summary>Models for tests that ask what they say and run none of it.</summary>
internal static class Model
{
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => DistributedApplicationTestingBuilder.Create(args);

    public static Task<Dictionary<string, string>> EnvironmentAsync(this IResourceBuilder<IResourceWithEnvironment> resource) =>
        resource.Resource.GetEnvironmentVariableValuesAsync().AsTask();

    public static IResourceBuilder<T> Allocated<T>(this IResourceBuilder<T> resource, string endpoint, int port)
        where T : IResourceWithEndpoints => resource.WithEndpoint(endpoint, e => e.AllocatedEndpoint = new(e, "localhost", port), createIfNotExists: false);
}

/// <summary>A project whose launch settings are those of the test.</summary>
internal class TestProject : IProjectMetadata
{
    public string ProjectPath => "/nowhere/Test.csproj";

    public virtual LaunchSettings? LaunchSettings => new();
}

/// <summary>A resource that is no process; its states are what a test publishes.</summary>
internal sealed class CustomResource(string name) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport, IResourceWithEndpoints, IResourceWithEnvironment
{
    public string? ConnectionString { get; init; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{ConnectionString}");

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => Properties;

    public IReadOnlyList<KeyValuePair<string, ReferenceExpression>> Properties { get; init; } = [];
}

internal sealed class CustomChildResource(string name, CustomResource parent) : Resource(name), IResourceWithParent<CustomResource>, IResourceWithWaitSupport
{
    public CustomResource Parent => parent;
}
