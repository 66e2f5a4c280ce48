using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Resources;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What a replica of a resource runs, and how it is asked.</summary>
internal abstract class ReplicaDriver(IResource resource) : IReplicaDriver
{
    private IReadOnlyDictionary<EndpointAnnotation, int> _ports = new Dictionary<EndpointAnnotation, int>();

    public abstract bool HasReadinessProbe { get; }

    public abstract bool HasLivenessProbe { get; }

    // Below the supervisor's probe interval with room to spare for a machine that is busy starting everything at once.
    public TimeSpan ProbeTimeout => TimeSpan.FromSeconds(2);

    /// <summary>Where the host keeps what a replica needs.</summary>
    internal required string StateDirectory { get; init; }

    /// <summary>The ports that the replica listens on.</summary>
    internal IReadOnlyDictionary<EndpointAnnotation, int> Ports => Volatile.Read(ref _ports);

    /// <summary>What was started last.</summary>
    internal ProcessSpec? Spec { get; private set; }

    protected IResource Resource => resource;

    public async Task<ProcessSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _ports, AllocatePorts());
        try
        {
            return Spec = await CreateSpecAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            // A value that the model needs is not there, and no retry will bring it.
            throw new ReplicaConfigurationException(exception.Message, exception);
        }
        catch (Exception exception) when (DiskSpace.IsExhausted(exception))
        {
            throw new IOException($"No space is left on the disk that holds {StateDirectory}. Make room; it is tried again by itself.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ReplicaConfigurationException(StateAccess.Message(exception, StateDirectory), exception);
        }
    }

    public abstract Task<ProbeResult> ProbeReadyAsync(CancellationToken cancellationToken);

    public abstract Task<ProbeResult> ProbeAliveAsync(CancellationToken cancellationToken);

    /// <summary>Someone asks for a start: the next one runs what is built now.</summary>
    internal virtual void TakeUpNewBuild()
    {
    }

    /// <summary>The next start runs what another replica of the same resource runs.</summary>
    internal virtual void TakeUpBuildOf(ReplicaDriver other)
    {
    }

    protected abstract Task<ProcessSpec> CreateSpecAsync(CancellationToken cancellationToken);

    protected abstract int? FixedPort(EndpointAnnotation endpoint);

    // The same ports after a restart as before, so that whoever holds an address reaches the new process; others only if somebody took them.
    private Dictionary<EndpointAnnotation, int> AllocatePorts() => resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(
        e => e, e => FixedPort(e) ?? (Ports.TryGetValue(e, out var port) && PortAllocator.IsFree(port) ? port : PortAllocator.Next()));
}

/// <summary>A server that elsewhere is a container: one process on the port that others connect to.</summary>
internal sealed class NativeReplicaDriver(IResource resource, INativeProcess process, Func<int, NativeProcessContext> context) : ReplicaDriver(resource)
{
    public override bool HasReadinessProbe => true;

    public override bool HasLivenessProbe => false;

    public override async Task<ProbeResult> ProbeReadyAsync(CancellationToken cancellationToken) =>
        await process.IsReadyAsync(cancellationToken).ConfigureAwait(false) ? ProbeResult.Passed : ProbeResult.Failed("does not answer");

    public override Task<ProbeResult> ProbeAliveAsync(CancellationToken cancellationToken) => Task.FromResult(ProbeResult.Passed);

    protected override Task<ProcessSpec> CreateSpecAsync(CancellationToken cancellationToken)
    {
        var (endpoint, port) = Ports.Single();
        if (!PortAllocator.IsFree(port))
        {
            throw new DistributedApplicationException(
                $"Port {port}, which '{Resource.Name}' listens on ({endpoint.Name}), is in use by another process. Stop that process, or give '{Resource.Name}' another port.");
        }

        return process.PrepareAsync(context(port), cancellationToken);
    }

    protected override int? FixedPort(EndpointAnnotation endpoint) => endpoint.AllocatedEndpoint!.Port;
}

/// <summary>A program of the application: a project's build, or an executable.</summary>
internal sealed class ProgramReplicaDriver(IResource resource, string name, ProgramHost host) : ReplicaDriver(resource)
{
    private readonly HttpProbeAnnotation[] _probes = [.. resource.Annotations.OfType<HttpProbeAnnotation>()];

    // A second one runs for a while beside the only one when that is replaced.
    private readonly bool _isFirst = name == resource.Name || name == $"{resource.Name}-0";
    private volatile BuiltProgram? _program;

    public override bool HasReadinessProbe => Resource.HasAnnotationOfType<HealthCheckAnnotation>();

    public override bool HasLivenessProbe => _probes.Length > 0;

    public override async Task<ProbeResult> ProbeReadyAsync(CancellationToken cancellationToken)
    {
        foreach (var probe in _probes)
        {
            var result = await host.Probe.AskAsync(Address(probe, probe.Path), s => (int)s == probe.StatusCode, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != ProbeOutcome.Passed)
            {
                return result;
            }
        }

        // Checks that the app host registered itself know nothing of replicas; they speak for the resource.
        var others = Resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key).Except(_probes.Select(p => p.Key)).ToArray();
        return others.Length == 0 ? ProbeResult.Passed : await host.CheckAsync(others, cancellationToken).ConfigureAwait(false);
    }

    // Any answer shows that the process is there; a project without this address says 404 and lives.
    public override Task<ProbeResult> ProbeAliveAsync(CancellationToken cancellationToken) =>
        host.Probe.AskAsync(Address(_probes[0], "/alive"), _ => true, cancellationToken);

    protected override async Task<ProcessSpec> CreateSpecAsync(CancellationToken cancellationToken)
    {
        var logger = host.Logger(name);
        var environment = ProcessEnvironment.Inherited();
        foreach (var (key, value) in host.EnvironmentOf(Resource))
        {
            environment[key] = value;
        }

        var caller = new ValueProviderContext { ExecutionContext = host.ExecutionContext, Caller = Resource, TargetPorts = Ports, Replica = name };
        foreach (var (key, value) in await ProcessEnvironment.EvaluateAsync(Resource, caller, logger, cancellationToken).ConfigureAwait(false))
        {
            environment[key] = value;
        }

        var arguments = await ProcessEnvironment.ArgumentsAsync(Resource, caller, logger, cancellationToken).ConfigureAwait(false);
        if (Resource is ProjectResource project)
        {
            // After a crash the same program again: what is in the build folder by then may be half of a build, or another version.
            var program = _program ??= await host.Builds.GetAsync(Resource.Name, project.GetProjectMetadata(), cancellationToken).ConfigureAwait(false);
            return new(program.FileName, [.. program.Arguments, .. arguments], program.Directory, environment);
        }

        var executable = (ExecutableResource)Resource;
        return new(executable.Command, arguments, executable.WorkingDirectory, environment);
    }

    internal override void TakeUpNewBuild() => _program = null;

    internal override void TakeUpBuildOf(ReplicaDriver other) => _program = ((ProgramReplicaDriver)other)._program;

    protected override int? FixedPort(EndpointAnnotation endpoint) =>
        endpoint.IsProxied
            ? Resource.GetReplicaCount() == 1 && _isFirst && !host.RandomizePorts ? endpoint.TargetPort : null
            : endpoint.AllocatedEndpoint!.Port;

    private Uri Address(HttpProbeAnnotation probe, string path) =>
        new($"{probe.Endpoint.Scheme}://127.0.0.1:{Ports[probe.Endpoint.EndpointAnnotation]}{(path.StartsWith('/') ? path : "/" + path)}");
}
