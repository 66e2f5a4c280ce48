using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace HighAvail.Drill.Bench.Telemetry;

/// <summary>Sends spans and waits for every answer, over gRPC.</summary>
internal sealed class SpanSender : IDisposable
{
    private const string Path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int PrefixLength = 5;

    private static readonly int[] _sizes = [256, 320, 384];

    private readonly HttpClient _client;
    private readonly SpanRequest[] _requests;
    private readonly byte[][] _bodies;
    private int _turn;

    public SpanSender(DashboardProcess dashboard, string service)
    {
        _client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null })
        {
            BaseAddress = dashboard.Grpc,
        };
        _client.DefaultRequestHeaders.Add(DashboardProcess.KeyHeader, DashboardProcess.Key);
        _requests = [.. _sizes.Select(spans => new SpanRequest(service, spans))];
        _bodies = [.. _requests.Select(request => new byte[PrefixLength + request.Message.Length])];
    }

    /// <summary>Sends the next request.</summary>
    /// <param name="take">Takes as many numbers as there are spans and returns the first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DrillException">It was refused.</exception>
    public async Task SendAsync(Func<int, long> take, CancellationToken cancellationToken)
    {
        _turn = (_turn + 1) % _requests.Length;
        var (request, body) = (_requests[_turn], _bodies[_turn]);
        request.Renew(take(request.Spans));
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), request.Message.Length);
        request.Message.CopyTo(body, PrefixLength);
        using var message = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new ByteArrayContent(body),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await _client.SendAsync(message, cancellationToken);
        if (!response.TrailingHeaders.TryGetValues("grpc-status", out var status) || status.Single() != "0")
        {
            throw new DrillException($"The dashboard refused spans: {response}");
        }
    }

    public void Dispose() => _client.Dispose();
}
