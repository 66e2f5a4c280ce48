using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>How many replicas of a resource run.</summary>
/// <param name="replicas">1 or more.</param>
[DebuggerDisplay("Replicas = {Replicas}")]
public class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number of replicas.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>A health check, registered with the app host's services, that says whether the resource is healthy.</summary>
/// <param name="key">The name under which the check is registered.</param>
[DebuggerDisplay("Health check {Key}")]
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check is registered.</summary>
    public string Key { get; } = key;
}

/// <summary>
/// An HTTP health check as such, so that each replica can be asked directly: a proxy would only show that some replica is well.
/// </summary>
/// <param name="Key">The name of the health check that it stands for.</param>
/// <param name="Endpoint">The endpoint whose port is asked.</param>
/// <param name="Path">Path and query.</param>
/// <param name="StatusCode">The status that means healthy.</param>
internal sealed record HttpProbeAnnotation(string Key, EndpointReference Endpoint, string Path, int StatusCode) : IResourceAnnotation;

/// <summary>Another resource that must be there first.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="waitType">What must be true of it.</param>
/// <param name="exitCode">With <see cref="WaitType.WaitForCompletion"/>, the exit code it must end with.</param>
[DebuggerDisplay("{WaitType} {Resource.Name}")]
public class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What must be true of it.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>What to do when it cannot become true any more; <see langword="null"/> is the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>What a wait waits for.</summary>
public enum WaitType
{
    /// <summary>Running and healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Ended with the expected exit code.</summary>
    WaitForCompletion,

    /// <summary>Running.</summary>
    WaitUntilStarted,
}

/// <summary>What a wait does when the other resource failed or ended.</summary>
public enum WaitBehavior
{
    /// <summary>Wait on: it may be started again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Give up: the waiting resource fails to start.</summary>
    StopOnResourceUnavailable,
}

/// <summary>Adds to the environment of a resource's process.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Adds one variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="callback">Gives its value.</param>
    public EnvironmentCallbackAnnotation(string name, Func<string> callback)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            context.EnvironmentVariables[name] = callback();
            return Task.CompletedTask;
        };
    }

    /// <summary>Adds or changes any variables.</summary>
    /// <param name="callback">Is given the environment so far.</param>
    public EnvironmentCallbackAnnotation(Action<Dictionary<string, object>> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            callback(context.EnvironmentVariables);
            return Task.CompletedTask;
        };
    }

    /// <summary>Adds or changes any variables.</summary>
    /// <param name="callback">Is given the environment so far.</param>
    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            callback(context);
            return Task.CompletedTask;
        };
    }

    /// <summary>Adds or changes any variables.</summary>
    /// <param name="callback">Is given the environment so far.</param>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>Adds or changes variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

/// <summary>Sets one variable to a string.</summary>
internal sealed class EnvironmentAnnotation(string name, string value) : EnvironmentCallbackAnnotation(name, () => value);

/// <summary>The environment of a resource's process while it is put together.</summary>
/// <param name="executionContext">The mode in which the application runs.</param>
/// <param name="environmentVariables">The variables so far.</param>
/// <param name="cancellationToken">Ends the work.</param>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    private readonly IResource? _resource;

    /// <summary>Creates the context of a resource.</summary>
    /// <param name="executionContext">The mode in which the application runs.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="environmentVariables">The variables so far.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
        : this(executionContext, environmentVariables, cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        _resource = resource;
    }

    /// <summary>Name to value: a string, or a value that is resolved later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Ends the work.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The log of the resource.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource.</summary>
    /// <exception cref="InvalidOperationException">The context was made without one.</exception>
    public IResource Resource => _resource ?? throw new InvalidOperationException("Resource is not set. This callback context is not associated with a resource.");

    /// <summary>The mode in which the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
}

/// <summary>Adds to the arguments of a resource's process.</summary>
/// <param name="callback">Is given the arguments so far.</param>
public class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Adds or changes arguments.</summary>
    /// <param name="callback">Is given the arguments so far.</param>
    public CommandLineArgsCallbackAnnotation(Action<IList<object>> callback)
        : this(context =>
        {
            callback(context.Args);
            return Task.CompletedTask;
        })
    {
    }

    /// <summary>Adds or changes arguments.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The arguments of a resource's process while they are put together.</summary>
/// <param name="args">The arguments so far: strings, or values that are resolved later.</param>
/// <param name="resource">The resource.</param>
/// <param name="cancellationToken">Ends the work.</param>
public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource? resource = null, CancellationToken cancellationToken = default)
{
    /// <summary>The arguments so far.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource!;

    /// <summary>Ends the work.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The log of the resource.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The mode in which the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } = new(DistributedApplicationOperation.Run);
}

/// <summary>The resource starts only when someone asks for it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation
{
}

/// <summary>A relation to another resource, for people to see.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">What kind of relation: <c>Reference</c>, <c>WaitFor</c>, <c>Parent</c>.</param>
[DebuggerDisplay("{Type} {Resource.Name}")]
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What kind of relation.</summary>
    public string Type { get; } = type;
}

/// <summary>The names of the usual relations.</summary>
internal static class KnownRelationshipTypes
{
    internal const string Parent = "Parent";
    internal const string Reference = "Reference";
    internal const string WaitFor = "WaitFor";
}
