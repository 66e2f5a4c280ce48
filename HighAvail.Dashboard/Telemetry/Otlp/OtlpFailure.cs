namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>Why a request is refused, in the terms of both protocols (gRPC, "Status codes and their use").</summary>
/// <param name="HttpStatus">For OTLP over HTTP.</param>
/// <param name="GrpcStatus">For OTLP over gRPC.</param>
/// <param name="Message">For who sent it.</param>
internal sealed record OtlpFailure(int HttpStatus, int GrpcStatus, string Message)
{
    public static OtlpFailure Malformed(string reason) => new(StatusCodes.Status400BadRequest, 3, $"This is no OTLP message: {reason}");

    public static OtlpFailure TooLarge(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, 8, $"A request may have {limit} bytes, unpacked. Send fewer items at a time (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE).");

    public static OtlpFailure WrongKey { get; } = new(
        StatusCodes.Status401Unauthorized, 16, $"The header {ApiKeys.Header} must hold the dashboard's key for telemetry (OTEL_EXPORTER_OTLP_HEADERS={ApiKeys.Header}=...).");

    public static OtlpFailure UnknownPath { get; } = new(
        StatusCodes.Status404NotFound, 12, "There is OTLP over HTTP at /v1/traces, /v1/logs and /v1/metrics, and over gRPC the Export of their three services.");

    public static OtlpFailure UnknownType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, 12, "The content type must be application/x-protobuf (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf).");

    public static OtlpFailure UnknownEncoding { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, 12, "A request may be compressed with gzip, and with nothing else.");
}
