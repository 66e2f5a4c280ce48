using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using HighAvail.Hosting.Networking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Control;

/// <summary>
/// The control API: HTTP on a free loopback port, with a key that is new at each start. The dashboard, the command line and tests are its clients.
/// </summary>
internal sealed class ControlApi(
    HostInstance instance,
    EventLog events,
    ResourcesApi resources,
    LogsApi logs,
    CommandsApi commands,
    EventsApi eventsApi,
    ILoggerFactory loggers) : IAsyncDisposable
{
    // Arguments of commands are a line or two.
    private const long MaxBodyBytes = 64 * 1024;

    // Between being found free and being listened on, another process can take a port; not several times in a row.
    private const int Attempts = 5;

    // Every answer that is under way ends by itself at once; a client that does not take it is not waited for.
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task? _started;
    private WebApplication? _server;
    private HostFile? _published;
    private Task _recording = Task.CompletedTask;

    /// <summary>Begins to listen, beside what else starts, and then says in <c>host.json</c> where.</summary>
    internal Task StartAsync(CancellationToken cancellationToken)
    {
        _recording = events.RecordAsync(_stopping.Token);
        return _started = Task.Run(() => StartCoreAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Says in <c>host.json</c> where the dashboard is, whose address is known only when everything was set in motion.</summary>
    internal Task AnnounceAsync(string dashboardUrl, CancellationToken cancellationToken) =>
        instance.PublishAsync(_published! with { DashboardUrl = dashboardUrl }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_started is null)
        {
            return;
        }

        await _started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            // Disposing alone would cut the streams off before their ends are sent.
            using var limit = new CancellationTokenSource(_stopLimit);
            await server.StopAsync(limit.Token).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        var apiKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        for (var attempt = 1; ; attempt++)
        {
            var port = PortAllocator.Next();
            var server = Create(port, apiKey);
            try
            {
                await server.StartAsync(cancellationToken).ConfigureAwait(false);
                _server = server;
                _published = new(Environment.ProcessId, $"http://127.0.0.1:{port}", apiKey, null);
                await instance.PublishAsync(_published, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IOException exception) when (attempt < Attempts && exception.InnerException?.InnerException is SocketException)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private WebApplication Create(int port, string apiKey)
    {
        // Empty: reads neither configuration nor environment, which belong to the app host, and costs a fraction of the start-up time.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;

            // A log that someone stopped reading for a while is no attack: only the owner of the key gets here.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var server = builder.Build();
        server.Use(new ControlGate(apiKey).InvokeAsync);
        resources.Map(server, _stopping.Token);
        logs.Map(server, _stopping.Token);
        commands.Map(server);
        eventsApi.Map(server, _stopping.Token);
        return server;
    }
}
