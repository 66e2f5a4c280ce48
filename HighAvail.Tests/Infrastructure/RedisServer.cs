using System.Diagnostics;

namespace HighAvail.Tests.ServiceDefaults.Redis;

/// <summary>A real redis-server on a free loopback port, without persistence.</summary>
internal sealed class RedisServer : IDisposable
{
    private Process? _process;

    public int Port { get; } = LoopbackPort.Free();

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static string Executable { get; } = "/usr/bin/redis-server";

    public void Start() => _process = Process.Start(new ProcessStartInfo(
        Executable, ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()])
    { RedirectStandardOutput = true })!;

    public void Kill()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            _process = null;
        }
    }

    public void Dispose() => Kill();
}
