using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HighAvail.Dashboard.Telemetry.Otlp;
using HighAvail.Drill.Bench.Telemetry;

namespace HighAvail.Tests.Dashboard.Telemetry.Otlp;

/// <summary>What senders do wrong, and what they are told.</summary>
public sealed class OtlpServerTests
{
    private const string TraceService = "trace.v1.TraceService";
    private const string LogsService = "logs.v1.LogsService";
    private const int Huge = 100 * 1024 * 1024;

    // A field that claims to be longer than all that follows, in a request, a resource's group, a scope's group, a span, an attribute.
    public static TheoryData<byte[]> Malformed => new(
        [0x0A, 0x7F, 1],
        new ProtobufWriter().Bytes(1, [0x12, 0x7F]).ToArray(),
        OtlpMessages.Request(OtlpMessages.Span(1, 1), new ProtobufWriter().Bytes(9, [0x12, 0x7F])),
        OtlpMessages.Request(OtlpMessages.Span(1, 1), OtlpMessages.Span(1, 2).Bytes(11, [0x1A, 0x05, 0])),
        // A number without an end, a group, a field of number zero.
        [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x0B, 0x0C],
        [0x02, 0x00]);

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Send_Malformed_IsRefusedAndNothingOfItKept(byte[] message)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var response = await receiver.PostAsync("/v1/traces", message);
        var status = await receiver.CallAsync(TraceService, Framed(message));

        Assert.Equal((HttpStatusCode.BadRequest, "3"), (response.StatusCode, status));
        Assert.Equal("application/x-protobuf", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("This is no OTLP message", await TextAsync(response), StringComparison.Ordinal);
        Assert.Empty(receiver.Traces.Snapshot());
    }

    [Fact]
    public async Task Send_ValueNestedWithoutEnd_IsRefused()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var value = new ProtobufWriter().Text(1, "the end");
        for (var depth = 0; depth < 2_000; depth++)
        {
            value = new ProtobufWriter().Message(5, new ProtobufWriter().Message(1, value));
        }

        using var response = await receiver.PostAsync("/v1/logs", OtlpMessages.Request(OtlpMessages.Log("deep").Message(6, new ProtobufWriter().Text(1, "deep").Message(2, value))));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(receiver.Logs.Snapshot());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_HundredMegabytes_IsTooLarge(bool saysHowLong)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var response = await receiver.PostAsync("/v1/traces", new EndlessContent(Huge, saysHowLong));
        var status = await receiver.CallAsync(TraceService, new EndlessContent(Huge, saysHowLong));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "8"), (response.StatusCode, status));
        Assert.Contains("16777216 bytes", await TextAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_HundredMegabytesCompressed_IsTooLarge()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var packed = Pack(new byte[Huge]);

        using var response = await receiver.PostAsync("/v1/traces", new ByteArrayContent(packed), encoding: "gzip");
        var status = await receiver.CallAsync(TraceService, Framed(packed, isCompressed: true), encoding: "gzip");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "8"), (response.StatusCode, status));
    }

    [Fact]
    public async Task Send_Compressed_IsKept()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var response = await receiver.PostAsync("/v1/traces", new ByteArrayContent(Pack(OtlpMessages.Request(OtlpMessages.Span(1, 1)))), encoding: "gzip");
        var status = await receiver.CallAsync(TraceService, Framed(Pack(OtlpMessages.Request(OtlpMessages.Span(2, 2))), isCompressed: true), encoding: "gzip");

        Assert.Equal((HttpStatusCode.OK, "0"), (response.StatusCode, status));
        Assert.Equal([1UL, 2], receiver.Traces.Snapshot().Select(trace => trace.Root.Id));
    }

    [Fact]
    public async Task Send_CompressedOtherwiseOrNotAsItSays_IsRefused()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var unknown = await receiver.PostAsync("/v1/traces", new ByteArrayContent([1]), encoding: "br");
        using var false_ = await receiver.PostAsync("/v1/traces", new ByteArrayContent([1, 2, 3]), encoding: "gzip");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, false_.StatusCode);
        Assert.Equal("12", await receiver.CallAsync(TraceService, Framed([1], isCompressed: true), encoding: "br"));
        Assert.Equal("3", await receiver.CallAsync(TraceService, Framed([1], isCompressed: true)));
        Assert.Equal("3", await receiver.CallAsync(TraceService, new ByteArrayContent([0, 0, 0, 0, 9, 1])));
        Assert.Equal("3", await receiver.CallAsync(TraceService, new ByteArrayContent([])));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdeF")]
    public async Task Send_WrongKey_IsRefused(string? key)
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var message = OtlpMessages.Request(OtlpMessages.Span(1, 1));

        using var response = await receiver.PostAsync("/v1/traces", new ByteArrayContent(message), key);
        var status = await receiver.CallAsync(TraceService, Framed(message), key);

        Assert.Equal((HttpStatusCode.Unauthorized, "16"), (response.StatusCode, status));
        Assert.Equal(ApiKeys.Header, response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.DoesNotContain(TelemetryReceiver.Key, await TextAsync(response), StringComparison.Ordinal);
        Assert.Empty(receiver.Traces.Snapshot());
    }

    [Fact]
    public async Task Send_NoKey_IsKeptOnlyWhereThatWasSwitchedOn()
    {
        await using var receiver = await TelemetryReceiver.StartAsync(("Dashboard:Otlp:AuthMode", "Unsecured"));

        using var response = await receiver.PostAsync("/v1/logs", new ByteArrayContent(OtlpMessages.Request(OtlpMessages.Log("hello"))), key: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(receiver.Logs.Snapshot());
    }

    [Fact]
    public async Task Start_NoKeyIsConfigured_OneIsMade()
    {
        await using var receiver = await TelemetryReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", ""));

        using var response = await receiver.PostAsync("/v1/logs", new ByteArrayContent([]), key: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Send_SecondKey_IsKept()
    {
        await using var receiver = await TelemetryReceiver.StartAsync(("Dashboard:Otlp:SecondaryApiKey", "another"));

        using var response = await receiver.PostAsync("/v1/logs", new ByteArrayContent(OtlpMessages.Request(OtlpMessages.Log("hello"))), "another");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Send_JsonOrElsewhere_IsToldWhatThereIs()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var json = await receiver.PostAsync("/v1/traces", new StringContent("{}"), type: "application/json");
        using var elsewhere = await receiver.PostAsync("/v2/traces", new ByteArrayContent([]));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal("application/problem+json", json.Content.Headers.ContentType!.MediaType);
        Assert.Contains("application/x-protobuf", await TextAsync(json), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal("12", await receiver.CallAsync("profiles.v1.ProfilesService", Framed([])));
    }

    [Fact]
    public async Task Send_SpansWithoutIds_AreCountedInTheAnswer()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();

        using var response = await receiver.PostAsync("/v1/traces", OtlpMessages.Request(OtlpMessages.Span(0, 1), OtlpMessages.Span(1, 0), OtlpMessages.Span(1, 1)));

        // partial_success = 1 { rejected_spans = 1, error_message = 2 }
        var answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0x0A, (byte)(answer.Length - 2), 0x08, 2, 0x12], answer[..5]);
        Assert.Single(receiver.Traces.Snapshot());
    }

    [Fact]
    public async Task Send_DiesInTheMiddle_LeavesNothingAndHarmsNobody()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var message = OtlpMessages.Request(OtlpMessages.Span(1, 1), OtlpMessages.Span(2, 2));
        for (var i = 0; i < 20; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
            await socket.ConnectAsync(IPAddress.Loopback, receiver.Http.Port, TestContext.Current.CancellationToken);
            await socket.SendAsync(
                (byte[])[.. Encoding.ASCII.GetBytes($"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n{ApiKeys.Header}: {TelemetryReceiver.Key}\r\nContent-Type: application/x-protobuf\r\nContent-Length: {message.Length}\r\n\r\n"), .. message[..^5]],
                TestContext.Current.CancellationToken);
            socket.Close();
        }

        using var response = await receiver.PostAsync("/v1/logs", OtlpMessages.Request(OtlpMessages.Log("still here")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(receiver.Traces.Snapshot());
    }

    [Fact]
    public async Task Send_OverEitherProtocol_IsTheSame()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        var message = OtlpMessages.Request(OtlpMessages.Log("one"));

        using var response = await receiver.PostAsync("/v1/logs", message);
        var status = await receiver.CallAsync(LogsService, Framed(message));

        Assert.Equal((HttpStatusCode.OK, "0"), (response.StatusCode, status));
        var logs = receiver.Logs.Snapshot();
        Assert.Equal(2, logs.Length);
        Assert.Equal(logs[0].Message, logs[1].Message);
        Assert.Same(logs[0].Resource, logs[1].Resource);
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysWhatToDo()
    {
        await using var first = await TelemetryReceiver.StartAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => TelemetryReceiver.StartAsync(("Dashboard:Otlp:GrpcEndpointUrl", first.Grpc.OriginalString)));

        Assert.Contains("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", failure.Message, StringComparison.Ordinal);
    }

    private static ByteArrayContent Framed(byte[] message, bool isCompressed = false) => new(
        [(byte)(isCompressed ? 1 : 0), .. BitConverter.GetBytes(message.Length).Reverse(), .. message]);

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Zeros, with the beginning of a call, until nobody reads them.</summary>
    private sealed class EndlessContent(int length, bool saysHowLong) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = new byte[64 * 1024];
            chunk[1] = 6;
            for (var sent = 0; sent < length; sent += chunk.Length)
            {
                await stream.WriteAsync(chunk);
                chunk[1] = 0;
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return saysHowLong;
        }
    }
}
