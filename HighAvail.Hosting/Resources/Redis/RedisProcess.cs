using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Hosting.Resources.Provisioning;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>Runs a Redis server of the model as a process.</summary>
internal sealed class RedisProcess(RedisResource server) : INativeProcess
{
    private RedisInstance? _instance;
    private int _port;

    public async Task<ProcessSpec> PrepareAsync(NativeProcessContext context, CancellationToken cancellationToken)
    {
        try
        {
            _instance ??= new(await new ServerPrograms(context, SearchScope.Machine).RedisAsync(cancellationToken).ConfigureAwait(false), new RedisSettings
            {
                AppHostDirectory = context.Directories.AppHost,
                DataDirectory = Path.Combine(context.Directories.Data, server.Name),
                Password = server.PasswordParameter is { } password ? await password.GetValueAsync(cancellationToken).ConfigureAwait(false) : null,
            });
            _port = context.Port;
            await _instance.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return _instance.CreateSpec(_port);
        }
        catch (Exception exception) when (exception is BinaryNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new ReplicaConfigurationException(exception.Message, exception);
        }
    }

    public Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        _instance is { } instance ? instance.IsReadyAsync(_port, cancellationToken) : Task.FromResult(false);
}
