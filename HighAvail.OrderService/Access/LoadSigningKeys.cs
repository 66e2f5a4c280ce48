using HighAvail.ServiceDefaults.Startup;

namespace HighAvail.OrderService.Access;

internal sealed class LoadSigningKeys(SigningKeyCopy keys) : IStartupTask
{
    public string Name => "signing keys";

    public Task RunAsync(CancellationToken cancellationToken) => keys.LoadAsync(cancellationToken);
}
