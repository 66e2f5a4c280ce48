using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Renews certificates long before they expire; running services read the renewed one from its file.</summary>
internal sealed class CertificateRenewal(CertificateAuthority certificates, TimeProvider time, ILogger logger)
{
    /// <summary>Looks once a day, until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromDays(1), time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await certificates.EnsureAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidOperationException exception)
            {
                // There are weeks left, and the next day may find the folder in order again.
                logger.CertificatesNotRenewed(exception);
            }
        }
    }
}
