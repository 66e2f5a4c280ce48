using HighAvail.Hosting.Resources.Postgres;
using HighAvail.Tests.Hosting.Resources;
using Npgsql;

namespace HighAvail.Tests.Infrastructure;

/// <summary>A real Postgres as the host runs it, with data and a port of its own, that tests may stop and kill.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly NativeServers _folder;
    private readonly PostgresSettings _settings;
    private readonly PostgresInstance _instance;
    private readonly int _port = LoopbackPort.Free();
    private TestProcess? _process;

    private PostgresServer(NativeServers folder, PostgresSettings settings, PostgresInstance instance) =>
        (_folder, _settings, _instance) = (folder, settings, instance);

    /// <summary>Skips the test where there is no Postgres.</summary>
    public static async Task<PostgresServer> StartNewAsync(CancellationToken cancellationToken)
    {
        var binaries = await NativeServers.FindPostgresAsync();
        var folder = new NativeServers();
        var settings = folder.PostgresSettings() with { ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" } };
        var server = new PostgresServer(folder, settings, new PostgresInstance(binaries, settings));
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Creates an empty database with a unique name and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test_{Guid.NewGuid():N}";
        await _instance.EnsureDatabaseAsync(_port, name, cancellationToken);
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = _settings.UserName,
        Password = _settings.Password,
        Database = database,
    }.ConnectionString;

    /// <summary>Starts it, again on the same port and data, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = null;
        await Eventually.TrueAsync(
            async () =>
            {
                // Started anew if need be: after a kill its backends may hold the old shared memory for a moment.
                if (_process is null || _process.Exited.IsCompleted)
                {
                    await _instance.PrepareAsync(cancellationToken);
                    _process = await TestProcess.StartAsync(_instance.CreateSpec(_port));
                }

                return await _instance.IsReadyAsync(_port, cancellationToken);
            },
            "Postgres answers");
    }

    /// <summary>Fast shutdown: sessions are ended, what is committed is written.</summary>
    public Task StopAsync() => _process?.StopAsync() ?? Task.CompletedTask;

    /// <summary>SIGKILL, as when a machine goes away.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        try
        {
            _folder.Dispose();
        }
        catch (IOException)
        {
            // A backend of the killed server was still writing; the folder is a temporary one.
        }
    }
}
