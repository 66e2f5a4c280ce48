using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Refuses to start an application in which a resource names a health check that nobody registered: it would never become healthy.</summary>
internal sealed partial class RegisteredHealthChecks(DistributedApplicationModel model, ILogger<RegisteredHealthChecks> logger)
    : IValidateOptions<HealthCheckServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, HealthCheckServiceOptions options)
    {
        var registered = options.Registrations.Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = model.Resources
            .SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>(), (r, c) => (Resource: r.Name, c.Key))
            .Where(c => !registered.Contains(c.Key))
            .ToArray();
        foreach (var (resource, key) in missing)
        {
            LogMissing(key, resource);
        }

        return missing.Length > 0
            ? ValidateOptionsResult.Fail("A health check registration is missing. Check logs for more details.")
            : ValidateOptionsResult.Success;
    }

    [LoggerMessage(LogLevel.Error, "The health check '{HealthCheckKey}' is not registered and is required for resource '{ResourceName}'.")]
    private partial void LogMissing(string healthCheckKey, string resourceName);
}
