using System.Net.Sockets;
using System.Text;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>One native Postgres server: its data folder, how it is started, whether it answers.</summary>
internal sealed class PostgresInstance
{
    // A server that needs longer to greet a client on its own machine is in trouble.
    private static readonly TimeSpan _readyTimeout = TimeSpan.FromSeconds(2);

    // Fast shutdown writes one checkpoint; if that takes longer, the next start recovers from the log and nothing is lost.
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(10);

    private readonly PostgresBinaries _binaries;
    private readonly PostgresSettings _settings;
    private readonly SystemUser? _owner = SystemUser.ForPostgres();

    public PostgresInstance(PostgresBinaries binaries, PostgresSettings settings)
    {
        if (!Ascii.IsValid(settings.Password) || settings.Password.Length == 0)
        {
            throw new ArgumentException($"The password of '{settings.Name}' must be ASCII, and not empty.", nameof(settings));
        }

        _binaries = binaries;
        _settings = settings;
        DataDirectory = Path.GetFullPath(settings.DataDirectory);
    }

    /// <summary>Where the data lie; final once <see cref="PrepareAsync"/> has returned.</summary>
    public string DataDirectory { get; private set; }

    /// <summary>Makes the data folder ready. Cheap when it exists; call it before every start.</summary>
    /// <exception cref="InvalidOperationException">The data are of another Postgres version, or out of reach for the server's user.</exception>
    /// <exception cref="NativeToolException">A program of Postgres failed.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        DataDirectory = await DataPlacement.ResolveAsync(
            Path.GetFullPath(_settings.DataDirectory), _owner, _settings.AppHostDirectory, _settings.Folders.Shared, cancellationToken);
        if (!Directory.Exists(DataDirectory))
        {
            await CreateDataAsync(cancellationToken);
            return;
        }

        var versionFile = Path.Combine(DataDirectory, "PG_VERSION");
        if (!File.Exists(versionFile))
        {
            throw new InvalidOperationException(
                $"{DataDirectory} holds no data of Postgres that this user can read: there is no PG_VERSION in it. Make it readable, move it away, or delete it: {_settings.ResetCommand}");
        }

        var version = (await File.ReadAllTextAsync(versionFile, cancellationToken)).Trim();
        if (version != $"{_binaries.MajorVersion}")
        {
            throw new InvalidOperationException(
                $"The data of '{_settings.Name}' in {DataDirectory} are of Postgres version {version}, and {_binaries.Server} is version "
                + $"{_binaries.MajorVersion}. Set {BinaryLocator.PostgresKey} to a Postgres {version}, upgrade the data with pg_upgrade, or delete them: {_settings.ResetCommand}");
        }

        await PostmasterLock.RemoveIfStaleAsync(DataDirectory, cancellationToken);
    }

    /// <summary>The server process, once <see cref="PrepareAsync"/> has returned.</summary>
    public ProcessSpec CreateSpec(int port)
    {
        var settings = PostgresServerSettings.Create(_settings.Name);
        foreach (var (name, value) in _settings.ServerSettings)
        {
            settings[name] = value;
        }

        return new ProcessSpec(
            _binaries.Server,
            ["-D", DataDirectory, "-p", $"{port}", .. settings.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"])],
            DataDirectory,
            NativeTool.Environment)
        {
            // Postgres: fast shutdown. Its SIGTERM would wait for the clients to leave.
            StopSignal = StopSignal.Interrupt,
            SystemStopSignal = StopSignal.Interrupt,
            StopTimeout = _stopTimeout,
            RunAs = _owner?.Name,
        };
    }

    /// <summary>Whether the server accepts connections. Cheap; never throws for a server that is away.</summary>
    public async Task<bool> IsReadyAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_readyTimeout);
        try
        {
            return await PostgresConnection.IsAcceptedAsync(port, _settings.UserName, limit.Token);
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException or InvalidDataException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Creates the database if it is not there. Several callers may do so at once.</summary>
    /// <exception cref="InvalidOperationException">The data folder was made with another password.</exception>
    /// <exception cref="PostgresErrorException">The server refused.</exception>
    public async Task EnsureDatabaseAsync(int port, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await PostgresConnection.OpenAsync(port, _settings.UserName, _settings.Password, cancellationToken);
            if (await connection.ExecuteAsync($"SELECT FROM pg_database WHERE datname = {PostgresSql.Literal(name)}", cancellationToken) == 0)
            {
                await connection.ExecuteAsync($"CREATE DATABASE {PostgresSql.Identifier(name)}", cancellationToken);
            }
        }
        catch (PostgresErrorException exception) when (exception.SqlState
            is PostgresErrorException.DuplicateDatabase or PostgresErrorException.UniqueViolation)
        {
            // Another caller was faster.
        }
        catch (PostgresErrorException exception) when (exception.SqlState == PostgresErrorException.InvalidPassword)
        {
            throw new InvalidOperationException(
                $"'{_settings.Name}' does not take its password: the data in {DataDirectory} were made with another one. "
                + $"Bring the old password back, or delete the data: {_settings.ResetCommand}",
                exception);
        }
    }

    // In a temporary folder beside the final one, renamed when complete: a start that is killed leaves nothing half-made.
    private async Task CreateDataAsync(CancellationToken cancellationToken)
    {
        var template = await new PostgresTemplate(_binaries, _settings.UserName, _owner, _settings.Folders.Cache).GetAsync(cancellationToken);
        var temporary = DataDirectory + ".new";
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        try
        {
            OwnedFolder.Copy(template, temporary, _owner);
            await RunFirstStatementsAsync(temporary, cancellationToken);
            await DataFolderSync.RunAsync(temporary, _binaries, _owner, cancellationToken);
            Directory.Move(temporary, DataDirectory);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && Directory.Exists(temporary))
        {
            // Half of it is of no use, and on a full disk in the way.
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    // In single-user mode no client can connect yet, and the statements come by standard input: no list of processes shows them.
    // Writing everything to disk once, afterwards, is cheaper than at every step.
    private async Task RunFirstStatementsAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        // Files are copied, as before version 15, instead of being written to the log as well: nothing but this server uses them, and half the time is gained.
        var copied = _binaries.MajorVersion >= 15 ? " STRATEGY file_copy" : "";
        string[] statements =
        [
            $"ALTER ROLE {PostgresSql.Identifier(_settings.UserName)} PASSWORD {PostgresSql.Literal(ScramSha256.CreateVerifier(_settings.Password))}",
            .. _settings.Databases.Select(name => $"CREATE DATABASE {PostgresSql.Identifier(name)}{copied}"),
        ];
        await NativeTool.RunAsync(
            _owner,
            _binaries.Server,
            ["--single", "-F", "-D", dataDirectory, "-c", "exit_on_error=on", "-c", "log_min_error_statement=panic", "postgres"],
            string.Concat(statements.Select(statement => statement + "\n")),
            cancellationToken);
    }
}
