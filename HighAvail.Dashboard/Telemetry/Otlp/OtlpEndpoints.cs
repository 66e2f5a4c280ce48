using System.Buffers.Binary;
using System.Globalization;
using HighAvail.Dashboard.Telemetry.Protobuf;
using Microsoft.Net.Http.Headers;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>
/// OTLP as it is spoken over both protocols (OpenTelemetry protocol 1.x). Of gRPC it takes one call with one message each way, which is little
/// more than five bytes before the message and a status behind it: no library reads a body into lent memory and holds it to a size unpacked.
/// </summary>
internal sealed class OtlpEndpoints(OtlpIntake intake, ApiKeys keys, int maxBodyBytes)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Grpc = "application/grpc";
    private const string Gzip = "gzip";
    private const int PrefixLength = 5;

    private static readonly Dictionary<string, OtlpSignal> _paths = new(StringComparer.Ordinal)
    {
        ["/v1/traces"] = OtlpSignal.Traces,
        ["/v1/logs"] = OtlpSignal.Logs,
        ["/v1/metrics"] = OtlpSignal.Metrics,
    };

    private static readonly Dictionary<string, OtlpSignal> _methods = new(StringComparer.Ordinal)
    {
        ["/opentelemetry.proto.collector.trace.v1.TraceService/Export"] = OtlpSignal.Traces,
        ["/opentelemetry.proto.collector.logs.v1.LogsService/Export"] = OtlpSignal.Logs,
        ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"] = OtlpSignal.Metrics,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        var isGrpc = IsGrpc(context.Request.ContentType);
        try
        {
            if (isGrpc)
            {
                await AnswerGrpcAsync(context, OtlpResponse.Of(await ReceiveGrpcAsync(context)));
            }
            else
            {
                await AnswerHttpAsync(context, OtlpResponse.Of(await ReceiveHttpAsync(context)));
            }
        }
        catch (OtlpRequestException exception)
        {
            await RefuseAsync(context, isGrpc, exception.Failure);
        }
        catch (MalformedProtobufException exception)
        {
            await RefuseAsync(context, isGrpc, OtlpFailure.Malformed(exception.Message));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseAsync(context, isGrpc, OtlpFailure.TooLarge(maxBodyBytes));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The sender is gone in the middle. Nothing of it was kept, and nobody is left to be told.
            context.Abort();
        }
    }

    private async Task<Rejections> ReceiveHttpAsync(HttpContext context)
    {
        var request = context.Request;
        CheckKey(request);
        if (!HttpMethods.IsPost(request.Method) || !_paths.TryGetValue(request.Path, out var signal))
        {
            throw new OtlpRequestException(OtlpFailure.UnknownPath);
        }

        if (!IsProtobuf(request.ContentType))
        {
            throw new OtlpRequestException(OtlpFailure.UnknownType);
        }

        using var body = await OtlpBody.ReadAsync(
            request.Body, IsCompressed(request.Headers.ContentEncoding.ToString()), request.ContentLength, maxBodyBytes, context.RequestAborted);
        return intake.Receive(signal, body.Message);
    }

    private async Task<Rejections> ReceiveGrpcAsync(HttpContext context)
    {
        var request = context.Request;
        CheckKey(request);
        if (!_methods.TryGetValue(request.Path, out var signal))
        {
            throw new OtlpRequestException(OtlpFailure.UnknownPath);
        }

        var prefix = new byte[PrefixLength];
        if (await request.Body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, context.RequestAborted) < PrefixLength)
        {
            throw new OtlpRequestException(OtlpFailure.Malformed("there is none."));
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        var isCompressed = prefix[0] != 0 && IsCompressed(request.Headers["grpc-encoding"].ToString());
        if (prefix[0] > 1 || (prefix[0] == 1 && !isCompressed))
        {
            throw new OtlpRequestException(OtlpFailure.Malformed("it says that it is compressed, but not how."));
        }

        using var body = await OtlpBody.ReadAsync(request.Body, isCompressed, length, maxBodyBytes, context.RequestAborted);
        if (!isCompressed && body.Message.Length != length)
        {
            throw new OtlpRequestException(OtlpFailure.Malformed($"it has {body.Message.Length} bytes instead of {length}."));
        }

        return intake.Receive(signal, body.Message);
    }

    private void CheckKey(HttpRequest request)
    {
        if (!keys.Accept(request.Headers[ApiKeys.Header].ToString()))
        {
            throw new OtlpRequestException(OtlpFailure.WrongKey);
        }
    }

    private static bool IsGrpc(string? contentType) =>
        contentType is not null && contentType.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) &&
        (contentType.Length == Grpc.Length || contentType[Grpc.Length] is '+' or ';');

    private static bool IsProtobuf(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType == Protobuf;

    private static bool IsCompressed(string encoding) => encoding switch
    {
        "" or "identity" => false,
        Gzip => true,
        _ => throw new OtlpRequestException(OtlpFailure.UnknownEncoding),
    };

    private static Task AnswerHttpAsync(HttpContext context, byte[] message)
    {
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = message.Length;
        return context.Response.Body.WriteAsync(message).AsTask();
    }

    private static Task AnswerGrpcAsync(HttpContext context, byte[] message)
    {
        context.Response.ContentType = Grpc;
        context.Response.AppendTrailer("grpc-status", "0");
        return context.Response.Body.WriteAsync(OtlpResponse.Frame(message)).AsTask();
    }

    private static Task RefuseAsync(HttpContext context, bool isGrpc, OtlpFailure failure)
    {
        var response = context.Response;
        if (isGrpc)
        {
            // A response without a message carries its status in the headers (gRPC over HTTP/2, "Trailers-Only").
            response.ContentType = Grpc;
            response.Headers["grpc-status"] = failure.GrpcStatus.ToString(CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = Uri.EscapeDataString(failure.Message);
            response.Headers["grpc-accept-encoding"] = Gzip;
            return Task.CompletedTask;
        }

        response.StatusCode = failure.HttpStatus;
        if (failure == OtlpFailure.WrongKey)
        {
            response.Headers.WWWAuthenticate = ApiKeys.Header;
        }

        // Exporters read a Status (OTLP, "Failures"); whoever sends something else reads text.
        return IsProtobuf(context.Request.ContentType)
            ? AnswerHttpAsync(context, OtlpResponse.Of(failure))
            : TypedResults.Problem(failure.Message, statusCode: failure.HttpStatus).ExecuteAsync(context);
    }
}
