using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>One native Postgres server: its data folder, how it is started, whether it answers.</summary>
internal sealed class PostgresInstance(PostgresBinaries binaries, PostgresSettings settings)
{
    /// <summary>Where the data lies; known once <see cref="PrepareAsync"/> has returned.</summary>
    public string DataDirectory { get; private set; } = settings.DataDirectory;

    /// <summary>Makes the data folder ready. Cheap when it exists; call it before every start.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{binaries} {cancellationToken}");

    /// <summary>The server process, once <see cref="PrepareAsync"/> has returned.</summary>
    public ProcessSpec CreateSpec(int port) => throw new NotSupportedException($"{port} {DataDirectory}");

    /// <summary>Whether the server accepts connections. Cheap; never throws for a server that is away.</summary>
    public Task<bool> IsReadyAsync(int port, CancellationToken cancellationToken) => throw new NotSupportedException($"{settings} {port} {cancellationToken}");

    /// <summary>Creates the database if it is not there.</summary>
    public Task EnsureDatabaseAsync(int port, string name, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{port} {name} {cancellationToken} {DataDirectory}");
}
