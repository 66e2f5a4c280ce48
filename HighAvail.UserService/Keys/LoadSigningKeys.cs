using HighAvail.ServiceDefaults.Startup;

namespace HighAvail.UserService.Keys;

internal sealed class LoadSigningKeys(SigningKeyStore keys) : IStartupTask
{
    public string Name => "signing keys";

    public Task RunAsync(CancellationToken cancellationToken) => keys.RefreshAsync(cancellationToken);
}
