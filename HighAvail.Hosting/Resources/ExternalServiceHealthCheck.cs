using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Resources;

/// <summary>Asks a service that others run for one path.</summary>
internal sealed class ExternalServiceHealthCheck(ExternalServiceResource service, string? path, int statusCode, IHttpClientFactory clients) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var url = service.Uri?.ToString() ?? await service.UrlParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        if (!ExternalServiceResource.UrlIsValidForExternalService(url, out var uri, out var problem))
        {
            return new(context.Registration.FailureStatus, $"The URL '{url}' is invalid: {problem}");
        }

        var address = path is null ? uri : new Uri(uri, path);
        try
        {
            using var client = clients.CreateClient();
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, $"{address} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            return new(context.Registration.FailureStatus, $"Failed to connect to {address}.", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"Request to {address} timed out.", exception);
        }
    }
}
