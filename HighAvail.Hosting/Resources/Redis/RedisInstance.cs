using System.Net;
using System.Net.Sockets;
using System.Text;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>One native Redis server, or one of its like: its data folder, how it is started, whether it answers.</summary>
internal sealed class RedisInstance(IRedisProgram program, RedisSettings settings)
{
    private static readonly TimeSpan _readyTimeout = TimeSpan.FromSeconds(2);

    // It only has to close its log file; a killed server loses nothing it had acknowledged.
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(5);

    private readonly SystemUser? _owner = program.RunAs;

    /// <summary>Where the data lie; final once <see cref="PrepareAsync"/> has returned.</summary>
    public string DataDirectory { get; private set; } = Path.GetFullPath(settings.DataDirectory);

    private string ConfigurationFile => DataDirectory + ".conf";

    /// <summary>Makes the data folder and the configuration file ready. Cheap; call it before every start.</summary>
    /// <exception cref="InvalidOperationException">The data are out of reach for the server's user.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        DataDirectory = await DataPlacement.ResolveAsync(
            Path.GetFullPath(settings.DataDirectory), _owner, settings.AppHostDirectory, settings.Folders.Shared, cancellationToken);
        if (!Directory.Exists(DataDirectory))
        {
            OwnedFolder.Create(DataDirectory, _owner);
        }

        // Beside the data folder, not in it: the server's user must not be able to make the host write elsewhere by a link.
        await OwnedFolder.WriteFileAsync(ConfigurationFile, program.CreateConfiguration(DataDirectory, settings.Password), _owner, cancellationToken);
    }

    /// <summary>The server process, once <see cref="PrepareAsync"/> has returned.</summary>
    public ProcessSpec CreateSpec(int port) =>
        new(program.FileName, program.Arguments(ConfigurationFile, port), DataDirectory, program.Environment)
        {
            StopSignal = StopSignal.Terminate,
            SystemStopSignal = StopSignal.Terminate,
            StopTimeout = _stopTimeout,
            RunAs = _owner?.Name,
        };

    /// <summary>Whether the server answers a PING with the password. Cheap; never throws for a server that is away.</summary>
    public async Task<bool> IsReadyAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_readyTimeout);
        try
        {
            return await PingAsync(port, limit.Token);
        }
        catch (Exception exception) when (exception is SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<bool> PingAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        byte[] request = [.. Login(), .. "*1\r\n$4\r\nPING\r\n"u8];
        await socket.SendAsync(request, cancellationToken);

        // Anything else (loading, a wrong password, no Redis at all) is not ready.
        var expected = (settings.Password is null ? "+PONG\r\n"u8 : "+OK\r\n+PONG\r\n"u8).ToArray();
        var answer = new byte[expected.Length];
        for (var received = 0; received < answer.Length;)
        {
            var read = await socket.ReceiveAsync(answer.AsMemory(received), cancellationToken);
            if (read == 0 || !expected.AsSpan(received, read).SequenceEqual(answer.AsSpan(received, read)))
            {
                return false;
            }

            received += read;
        }

        return true;
    }

    private byte[] Login()
    {
        if (settings.Password is null)
        {
            return [];
        }

        var password = Encoding.UTF8.GetBytes(settings.Password);
        return [.. Encoding.UTF8.GetBytes($"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n"), .. password, .. "\r\n"u8];
    }
}
