using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// The stable local address of one endpoint: a layer-4 proxy that joins each connection to the ready replica with the fewest of them.
/// </summary>
/// <remarks>
/// A refused connect goes to the next replica; with none left the client is held until one becomes ready, up to a limit.
/// A replica that leaves the ready set gets no new connection and keeps those it has, until they end by themselves.
/// Nothing here blocks, so that sockets may complete inline (DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1).
/// </remarks>
internal sealed partial class FrontProxy : IAsyncDisposable
{
    // What accept has no descriptors for stays in the kernel's queue.
    private const int Backlog = 512;
    private static readonly TimeSpan _acceptRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly FrontProxyOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReadyReplicas _replicas = new();
    private readonly List<Socket> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The proxy itself counts as one, so that it reaches zero only after DisposeAsync.
    private int _running = 1;
    private int _held;
    private int _disposed;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="port">The port on the loopback addresses.</param>
    /// <param name="options">Limits.</param>
    /// <param name="timeProvider">Times connects and held clients.</param>
    /// <param name="logger">Told about clients that could not be served.</param>
    public FrontProxy(int port, FrontProxyOptions options, TimeProvider timeProvider, ILogger<FrontProxy> logger)
    {
        Port = port;
        _options = options;
        _time = timeProvider;
        _logger = logger;
    }

    /// <summary>The port on the loopback addresses.</summary>
    public int Port { get; }

    /// <summary>Clients waiting for a ready replica at this moment.</summary>
    public int HeldConnections => Volatile.Read(ref _held);

    /// <summary>Listens from now on.</summary>
    /// <exception cref="PortUnavailableException">Another process has the port, or this one may not open it.</exception>
    public void Start()
    {
        try
        {
            Listen(IPAddress.Loopback);
            Listen(IPAddress.IPv6Loopback);
        }
        catch
        {
            _listeners.ForEach(listener => listener.Dispose());
            throw;
        }

        foreach (var listener in _listeners)
        {
            Interlocked.Increment(ref _running);
            _ = AcceptAsync(listener);
        }
    }

    /// <summary>Replaces the set of ready replicas and wakes the clients that wait for one.</summary>
    public void Update(IReadOnlyList<IPEndPoint> ready) => _replicas.Update(ready);

    /// <summary>Stops listening and aborts every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        End();
        await _ended.Task;
        _stopping.Dispose();
    }

    private void Listen(IPAddress address)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                listener.ExclusiveAddressUse = true;
            }

            listener.Bind(new IPEndPoint(address, Port));
            listener.Listen(Backlog);
            _listeners.Add(listener);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            // A machine may have no IPv6 loopback.
            if (_listeners.Count == 0 || e.SocketErrorCode is not (SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported))
            {
                throw PortUnavailableException.For(Port, e);
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stopping.Token);
                Interlocked.Increment(ref _running);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
            catch (SocketException e) when (!_stopping.IsCancellationRequested)
            {
                // The client is gone already, or there are no descriptors left, which takes a moment to change.
                LogAcceptFailed(e, Port);
                await Task.Delay(_acceptRetryDelay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (SocketException)
            {
                break;
            }
        }

        End();
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            client.NoDelay = true;
            var connection = await ConnectAsync();
            if (connection is not var (socket, replica))
            {
                Splice.Abort(client);
                return;
            }

            try
            {
                await new Splice(client, socket).RunAsync(_stopping.Token);
            }
            finally
            {
                _replicas.Release(replica);
            }
        }
        catch (Exception e)
        {
            // One connection may not take the others down; sockets' own errors never get here.
            LogConnectionFailed(e, Port);
            client.Dispose();
        }
        finally
        {
            End();
        }
    }

    private async Task<(Socket Socket, ReadyReplicas.Replica Replica)?> ConnectAsync()
    {
        var changed = _replicas.Changed;
        if (await TryReadyAsync() is { } connection)
        {
            return connection;
        }

        using var timeout = new CancellationTokenSource(_options.HoldTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        if (Interlocked.Increment(ref _held) > _options.MaxHeldConnections)
        {
            Interlocked.Decrement(ref _held);
            LogTooManyHeld(Port, _options.MaxHeldConnections);
            return null;
        }

        try
        {
            while (true)
            {
                await changed.WaitAsync(_options.RetryDelay, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (either.IsCancellationRequested)
                {
                    break;
                }

                changed = _replicas.Changed;
                if (await TryReadyAsync() is { } late)
                {
                    return late;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }

        if (!_stopping.IsCancellationRequested)
        {
            LogNoneReady(Port, _options.HoldTimeout);
        }

        return null;
    }

    private async Task<(Socket Socket, ReadyReplicas.Replica Replica)?> TryReadyAsync()
    {
        List<ReadyReplicas.Replica> tried = [];
        while (!_stopping.IsCancellationRequested && _replicas.TryTake(tried, out var replica))
        {
            if (await TryConnectAsync(replica.EndPoint) is { } socket)
            {
                return (socket, replica);
            }

            _replicas.Release(replica);
            tried.Add(replica);
        }

        return null;
    }

    private async Task<Socket?> TryConnectAsync(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
            await socket.ConnectAsync(endPoint, either.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket?.Dispose();
            LogConnectFailed(Port, endPoint, e.Message);
            return null;
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.SetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Port {Port}: replica {EndPoint} did not take a connection: {Reason}")]
    private partial void LogConnectFailed(int port, IPEndPoint endPoint, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port {Port}: a client was turned away; no replica became ready within {HoldTimeout}.")]
    private partial void LogNoneReady(int port, TimeSpan holdTimeout);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port {Port}: {Limit} clients wait for a ready replica already; another one was turned away.")]
    private partial void LogTooManyHeld(int port, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port {Port}: a connection could not be accepted.")]
    private partial void LogAcceptFailed(Exception exception, int port);

    [LoggerMessage(Level = LogLevel.Error, Message = "Port {Port}: a connection failed.")]
    private partial void LogConnectionFailed(Exception exception, int port);
}
