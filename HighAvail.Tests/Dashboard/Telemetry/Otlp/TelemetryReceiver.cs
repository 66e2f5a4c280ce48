using System.Net;
using System.Net.Http.Headers;
using HighAvail.Dashboard.Metrics;
using HighAvail.Dashboard.StructuredLogs;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Dashboard.Traces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Tests.Dashboard.Telemetry.Otlp;

/// <summary>The receiving half of the dashboard, on real ports.</summary>
internal sealed class TelemetryReceiver : IAsyncDisposable
{
    public const string Key = "0123456789abcdef";

    private readonly IHost _host;
    private readonly HttpClient _client = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    private TelemetryReceiver(IHost host, Uri grpc, Uri http) => (_host, Grpc, Http) = (host, grpc, http);

    public Uri Grpc { get; }

    public Uri Http { get; }

    public TraceStore Traces => _host.Services.GetRequiredService<TraceStore>();

    public LogStore Logs => _host.Services.GetRequiredService<LogStore>();

    public MetricStore Metrics => _host.Services.GetRequiredService<MetricStore>();

    public static async Task<TelemetryReceiver> StartAsync(params (string Key, string Value)[] settings)
    {
        var (grpc, http) = (new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"), new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"));
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Dashboard:Otlp:GrpcEndpointUrl", grpc.OriginalString),
            new("Dashboard:Otlp:HttpEndpointUrl", http.OriginalString),
            new("Dashboard:Otlp:PrimaryApiKey", Key),
        ]);
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.Services.AddLogging();
        builder.AddTelemetry();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TelemetryReceiver(host, grpc, http);
    }

    /// <summary>Sends over HTTP.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string path, HttpContent content, string? key = Key, string type = "application/x-protobuf", string? encoding = null)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http, path)) { Content = content };
        if (key is not null)
        {
            request.Headers.Add(ApiKeys.Header, key);
        }

        return await _client.SendAsync(request, Patience.Token);
    }

    public Task<HttpResponseMessage> PostAsync(string path, byte[] message) => PostAsync(path, new ByteArrayContent(message));

    /// <summary>Sends over gRPC.</summary>
    /// <returns>The status.</returns>
    public async Task<string> CallAsync(string service, HttpContent content, string? key = Key, string? encoding = null)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Grpc, $"/opentelemetry.proto.collector.{service}/Export"))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");
        if (key is not null)
        {
            request.Headers.Add(ApiKeys.Header, key);
        }

        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var response = await _client.SendAsync(request, Patience.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (response.TrailingHeaders.TryGetValues("grpc-status", out var status) ? status : response.Headers.GetValues("grpc-status")).Single();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
