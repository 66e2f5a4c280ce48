using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Tests.Hosting.Resources;

namespace HighAvail.Tests.Infrastructure;

/// <summary>A real Redis on a free loopback port, without persistence, that tests may kill. Skips the test where there is none.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _program = NativeServers.FindRedis();
    private readonly int _port = LoopbackPort.Free();
    private TestProcess? _process;

    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>Starts it, again on the same port, and waits until it listens.</summary>
    public async Task StartAsync()
    {
        _process = await TestProcess.StartAsync(new ProcessSpec(
            _program,
            ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            Path.GetTempPath(),
            NativeTool.Environment));
        await _process.WaitUntilAsync(async cancellationToken =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, _port, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    /// <summary>Keeps its connections and answers nothing, until it is killed.</summary>
    public async Task PauseAsync()
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-STOP", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync() => await KillAsync();
}
