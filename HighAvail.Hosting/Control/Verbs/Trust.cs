using HighAvail.Hosting.Networking;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Lets the user's own programs trust the development authority, or undoes that, and says plainly what was changed.</summary>
internal static class Trust
{
    internal static async Task<int> RunAsync(
        CertificateAuthority certificates, HostDirectories directories, bool isUndone, CommandOutput output, CancellationToken cancellationToken)
    {
        var trust = new UserTrust(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        if (isUndone)
        {
            await output.Out.WriteLineAsync($"Every {DevelopmentCertificates.AuthorityName}, whichever folder it came from:").ConfigureAwait(false);
            await PrintAsync(await trust.RemoveAsync(cancellationToken).ConfigureAwait(false), output).ConfigureAwait(false);
            return 0;
        }

        try
        {
            await certificates.EnsureAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }

        var authority = certificates.Authority;
        await output.Out.WriteLineAsync($"{authority.Subject[3..]}, in {certificates.AuthorityPath}").ConfigureAwait(false);
        await output.Out.WriteLineAsync(
            $"It can vouch for nothing but this machine's own names: {string.Join(", ", DevelopmentCertificates.PermittedNames(authority))}.").ConfigureAwait(false);
        await PrintAsync(await trust.AddAsync(authority, certificates.AuthorityPath, cancellationToken).ConfigureAwait(false), output).ConfigureAwait(false);
        await output.Out.WriteLineAsync($"Programs that run see it after their next start. Undo: {HostInvocation.Of(directories, "trust --undo")}").ConfigureAwait(false);
        return 0;
    }

    private static async Task PrintAsync(IReadOnlyList<TrustOutcome> outcomes, CommandOutput output)
    {
        foreach (var (who, result) in outcomes)
        {
            await output.Out.WriteLineAsync($"  {who}: {result}").ConfigureAwait(false);
        }
    }
}
