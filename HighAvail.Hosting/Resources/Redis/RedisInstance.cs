using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>One native Redis server: its data folder, how it is started, whether it answers.</summary>
internal sealed class RedisInstance(string serverPath, RedisSettings settings)
{
    /// <summary>Where the data lies; known once <see cref="PrepareAsync"/> has returned.</summary>
    public string DataDirectory { get; private set; } = settings.DataDirectory;

    /// <summary>Makes the data folder and the configuration file ready. Cheap; call it before every start.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{serverPath} {cancellationToken}");

    /// <summary>The server process, once <see cref="PrepareAsync"/> has returned.</summary>
    public ProcessSpec CreateSpec(int port) => throw new NotSupportedException($"{port} {DataDirectory}");

    /// <summary>Whether the server answers a PING with the password. Cheap; never throws for a server that is away.</summary>
    public Task<bool> IsReadyAsync(int port, CancellationToken cancellationToken) => throw new NotSupportedException($"{settings} {port} {cancellationToken}");
}
