using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.ServiceDefaults.Telemetry;

/// <summary>Takes what services export and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();
    private TestService _service = null!;

    private OtlpCollector()
    {
    }

    /// <summary>Everything that a service process needs to export here, and soon.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _service.Address.OriginalString),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "50"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
    ];

    public IEnumerable<OtlpSpan> Spans => _received.Where(item => item.Signal == "traces").SelectMany(item => OtlpSpan.ReadAll(item.Body));

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        collector._service = await TestService.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector._received.Enqueue((signal, body.ToArray()));
        }));
        return collector;
    }

    /// <summary>Whether a text was exported. Protobuf holds text as it is, so it can be found without decoding it.</summary>
    public bool Has(string signal, string text) => _received.Any(item =>
        item.Signal == signal && item.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
