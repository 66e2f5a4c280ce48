using System.Globalization;
using System.Text;
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
        var missing = new StringBuilder();
        foreach (var resource in model.Resources)
        {
            foreach (var check in resource.Annotations.OfType<HealthCheckAnnotation>().Where(c => !registered.Contains(c.Key)))
            {
                LogMissing(check.Key, resource.Name);
                missing.Append(CultureInfo.InvariantCulture, $" The health check '{check.Key}' of '{resource.Name}' is not registered.");
            }
        }

        return missing.Length > 0
            ? ValidateOptionsResult.Fail($"A health check registration is missing. Check logs for more details.{missing}")
            : ValidateOptionsResult.Success;
    }

    [LoggerMessage(LogLevel.Error, "The health check '{HealthCheckKey}' is not registered and is required for resource '{ResourceName}'.")]
    private partial void LogMissing(string healthCheckKey, string resourceName);
}
