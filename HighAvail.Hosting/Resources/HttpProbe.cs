using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting.Resources;

/// <summary>Asks processes on this machine over HTTP how they are, and trusts the development authority for it.</summary>
internal sealed class HttpProbe : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="trust">What certificates are trusted.</param>
    internal HttpProbe(X509ChainPolicy trust)
    {
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(1),

            // A replica that was replaced is asked on a new connection, and probing every second keeps this one open.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            SslOptions = { CertificateChainPolicy = trust },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The client, which trusts the development authority.</summary>
    internal HttpClient Client => _client;

    public void Dispose() => _client.Dispose();

    /// <summary>Asks once.</summary>
    /// <param name="uri">What to ask.</param>
    /// <param name="isExpected">Whether a status means yes.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>Passed, failed when the process refused or answered otherwise, inconclusive when nothing came back.</returns>
    internal async Task<ProbeResult> AskAsync(Uri uri, Func<HttpStatusCode, bool> isExpected, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return isExpected(response.StatusCode)
                ? ProbeResult.Passed
                : ProbeResult.Failed($"{uri.PathAndQuery} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
                ? ProbeResult.Failed($"{uri.PathAndQuery}: connection refused")
                : ProbeResult.Inconclusive($"{uri.PathAndQuery}: {exception.Message}");
        }
    }
}

/// <summary>An HTTP health check of a whole resource, by the address that others use.</summary>
internal sealed class HttpHealthCheck(IServiceProvider services, EndpointReference endpoint, string path, int statusCode) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
        {
            return HealthCheckResult.Unhealthy($"The endpoint '{endpoint.EndpointName}' is not allocated yet.");
        }

        // Before the start there is no authority to trust, and nothing that it vouches for.
        using var early = services.GetRequiredService<CertificateAuthority>().Exists ? null : new HttpProbe(new());
        var probe = early ?? services.GetRequiredService<HttpProbe>();
        var result = await probe.AskAsync(new Uri(new Uri(endpoint.Url), path), s => (int)s == statusCode, cancellationToken).ConfigureAwait(false);
        return result.Outcome == ProbeOutcome.Passed ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, endpoint.Url + result.Reason);
    }
}
