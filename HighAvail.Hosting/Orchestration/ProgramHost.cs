using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What the host gives to every program of the application.</summary>
internal sealed class ProgramHost(
    DistributedApplicationExecutionContext executionContext,
    BuildOutput builds,
    HttpProbe probe,
    HealthCheckService healthChecks,
    CertificateAuthority certificates,
    DiscoveryFile discovery,
    ResourceLoggerService loggers,
    bool randomizePorts)
{
    internal DistributedApplicationExecutionContext ExecutionContext => executionContext;

    internal BuildOutput Builds => builds;

    internal HttpProbe Probe => probe;

    internal bool RandomizePorts => randomizePorts;

    internal ILogger Logger(string name) => loggers.GetLogger(name);

    /// <summary>What a program is told by the host itself; the model can override it.</summary>
    internal Dictionary<string, string> EnvironmentOf(IResource resource)
    {
        var environment = new Dictionary<string, string>();
        if (resource is not ProjectResource)
        {
            return environment;
        }

        // Replicas run from a copy that nobody edits: watching its settings for changes would only cost.
        environment["DOTNET_hostBuilder__reloadConfigOnChange"] = "false";
        environment["DOTNET_ROOT"] = BuildOutput.DotNetRoot;
        // Memory that is never both writable and executable makes break-ins harder and each start a tenth slower; here everything restarts often and is
        // reached from this machine alone.
        environment["DOTNET_EnableWriteXorExecute"] = Environment.GetEnvironmentVariable("DOTNET_EnableWriteXorExecute") ?? "0";
        environment["HighAvail__DiscoveryFile"] = discovery.Path;
        if (resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.UriScheme == "https") || resource.HasAnnotationOfType<EndpointReferenceAnnotation>())
        {
            environment["HighAvail__TrustedAuthority"] = certificates.AuthorityPath;
            environment["Kestrel__Certificates__Default__Path"] = certificates.CertificatePath;
            environment["Kestrel__Certificates__Default__KeyPath"] = certificates.KeyPath;
        }

        return environment;
    }

    /// <summary>Runs health checks that are registered with the app host's services.</summary>
    internal async Task<ProbeResult> CheckAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken).ConfigureAwait(false);
        var failed = report.Entries.FirstOrDefault(e => e.Value.Status != HealthStatus.Healthy);
        return failed.Key is null ? ProbeResult.Passed : ProbeResult.Failed($"{failed.Key}: {failed.Value.Description ?? failed.Value.Status.ToString()}");
    }
}
