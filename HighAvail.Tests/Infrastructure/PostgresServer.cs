using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace HighAvail.Tests.Infrastructure;

/// <summary>A real Postgres of its own, in a temporary folder and on a free port, that tests may stop and kill.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly string? BinariesFolder = FindBinaries();

    private readonly string _folder;
    private Process? _process;

    private PostgresServer(string folder, int port)
    {
        (_folder, Port) = (folder, port);
    }

    public int Port { get; }

    /// <summary>Skips the test where there is no Postgres.</summary>
    public static async Task<PostgresServer> StartNewAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(BinariesFolder is null, "There is no Postgres on this machine.");
        var folder = Directory.CreateTempSubdirectory("highavail-postgres-").FullName;
        var server = new PostgresServer(folder, FindFreePort());
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", folder], cancellationToken);
        }

        await RunAsync(
            AsPostgres("initdb", "-D", server.DataFolder, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"),
            cancellationToken);
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Creates an empty database with a unique name and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = "postgres", Database = database }.ConnectionString;

    /// <summary>Starts it, again on the same port and data, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            _process ??= StartProcess();
            if (await AnswersAsync(cancellationToken))
            {
                return;
            }

            Assert.True(patience.Elapsed < StartTimeout, "Postgres did not start.");
            if (_process.HasExited)
            {
                // After a kill its backends may hold the old shared memory for a moment.
                _process.Dispose();
                _process = null;
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Fast shutdown: sessions are ended, what is committed is written.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false } process)
        {
            await RunAsync("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        }

        await EndAsync(cancellationToken);
    }

    /// <summary>SIGKILL, as when a machine goes away.</summary>
    public Task KillAsync(CancellationToken cancellationToken)
    {
        _process?.Kill();
        return EndAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A backend of the killed server was still writing; the folder is a temporary one.
        }
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private Process StartProcess()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"];
        return Start(AsPostgres("postgres", ["-D", DataFolder, "-p", port, .. options]));
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.WaitForExitAsync(cancellationToken);
            _process.Dispose();
            _process = null;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=1");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string? FindBinaries()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        return folders.Concat(debian).FirstOrDefault(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FindFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // Postgres refuses to run as root; setpriv replaces itself, so the process id stays.
    private static ProcessStartInfo AsPostgres(string program, params string[] arguments)
    {
        var path = Path.Combine(BinariesFolder!, program);
        return Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
    }

    private static Process Start(ProcessStartInfo start)
    {
        start.WorkingDirectory = Path.GetTempPath();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        RunAsync(new ProcessStartInfo(program, arguments), cancellationToken);

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Start(start);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{start.FileName} ended with exit code {process.ExitCode}.");
    }
}
