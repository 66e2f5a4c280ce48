namespace HighAvail.Hosting.Resources;

/// <summary>Where the programs of the application send their telemetry: nowhere, until whoever receives it says where.</summary>
internal sealed class OtlpReceiver
{
    /// <summary>The address for OTLP over gRPC.</summary>
    internal Uri? GrpcEndpoint { get; set; }

    /// <summary>The address for OTLP over HTTP.</summary>
    internal Uri? HttpEndpoint { get; set; }

    /// <summary>The key that senders show.</summary>
    internal string? ApiKey { get; set; }

    /// <summary>Address and protocol for a sender.</summary>
    /// <param name="wanted">The only protocol that it speaks, or <see langword="null"/> for any.</param>
    /// <returns><see langword="null"/> when there is no receiver.</returns>
    internal (Uri Endpoint, string Protocol)? Choose(OtlpProtocol? wanted) => (wanted, GrpcEndpoint, HttpEndpoint) switch
    {
        (null or OtlpProtocol.Grpc, { } grpc, _) => (grpc, "grpc"),
        (OtlpProtocol.HttpJson, _, { } http) => (http, "http/json"),
        (null or OtlpProtocol.HttpProtobuf, _, { } http) => (http, "http/protobuf"),
        _ => null,
    };
}
