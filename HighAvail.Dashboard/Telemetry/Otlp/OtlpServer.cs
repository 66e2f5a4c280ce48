using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>
/// Listens for telemetry: a server of its own beside that of the pages, so that neither answers at the other's ports and senders meet nothing of
/// what browsers need.
/// </summary>
internal sealed partial class OtlpServer(
    OtlpIntake intake, IOptions<OtlpOptions> options, ILoggerFactory loggers, ILogger<OtlpServer> logger) : IHostedService, IAsyncDisposable
{
    private readonly OtlpOptions _options = options.Value;
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _server = Create(_options.AuthMode == OtlpAuthMode.Unsecured ? new ApiKeys() : new ApiKeys(GoodKeys()));
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"Telemetry cannot be received at {_options.GrpcEndpointUrl} and {_options.HttpEndpointUrl}: {exception.Message} " +
                "Stop what listens there, or set ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL and ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL.",
                exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string[] GoodKeys()
    {
        string[] given = [.. new[] { _options.PrimaryApiKey, _options.SecondaryApiKey }.OfType<string>().Where(static key => key.Length > 0)];
        if (given.Length > 0)
        {
            return given;
        }

        // As the login link is: only who sees this console can send.
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        LogKey(_options.GrpcEndpointUrl, $"{ApiKeys.Header}={made}");
        return [made];
    }

    private WebApplication Create(ApiKeys keys)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What is too long gets an answer that says so, and is not read.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Configure(Endpoints());
        });
        var server = builder.Build();
        server.Run(new OtlpEndpoints(intake, keys, _options.MaxBodyBytes).InvokeAsync);
        return server;
    }

    private ConfigurationManager Endpoints()
    {
        var endpoints = new ConfigurationManager();
        Add("Grpc", _options.GrpcEndpointUrl, HttpProtocols.Http2);
        Add("Http", _options.HttpEndpointUrl, HttpProtocols.Http1);
        return endpoints;

        void Add(string name, string url, HttpProtocols protocol)
        {
            if (url.Length > 0)
            {
                endpoints[$"Endpoints:{name}:Url"] = url;
                endpoints[$"Endpoints:{name}:Protocols"] = protocol.ToString();
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Send telemetry with OTEL_EXPORTER_OTLP_ENDPOINT={Endpoint} and OTEL_EXPORTER_OTLP_HEADERS={Header}")]
    private partial void LogKey(string endpoint, string header);
}
