using System.Diagnostics;

namespace HighAvail.Tests.ServiceDefaults.Postgres;

/// <summary>A real Postgres server in a temporary folder, on a free loopback port.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    public int Port { get; } = LoopbackPort.Free();

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres";

    public static bool IsInstalled => OperatingSystem.IsLinux() && File.Exists($"{Binaries}/initdb");

    private string Data => _folder.File("data");

    public async Task StartAsync()
    {
        if (!Directory.Exists(Data))
        {
            Directory.CreateDirectory(Data);
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chmod", "711", _folder.Path, Path.GetDirectoryName(_folder.Path)!);
                await RunAsync("chown", "postgres", Data);
            }

            await RunAsPostgresAsync($"{Binaries}/initdb", "-D", Data, "-U", "postgres", "--auth=trust", "--no-sync");
        }

        _process = StartAsPostgres(
            $"{Binaries}/postgres", "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off");
    }

    public async Task SignalAsync(string signal) => await RunAsync("kill", $"-{signal}", $"{_process!.Id}");

    public async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        // Continue first: a paused server cannot be stopped otherwise.
        await SignalAsync("CONT");
        await SignalAsync("QUIT");
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    // setpriv replaces itself by the program, so the process that is started here is the server.
    private static Process StartAsPostgres(string program, params string[] arguments) => Start(Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]
        : [program, .. arguments]);

    private static Task RunAsPostgresAsync(string program, params string[] arguments) => WaitAsync(StartAsPostgres(program, arguments));

    private static Task RunAsync(params string[] command) => WaitAsync(Start(command));

    private static async Task WaitAsync(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static Process Start(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
