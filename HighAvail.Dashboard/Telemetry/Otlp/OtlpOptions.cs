using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>Where telemetry is received, and from whom: section <c>Dashboard:Otlp</c>, whose names are those of Aspire's dashboard.</summary>
public sealed record OtlpOptions
{
    /// <summary>For OTLP over gRPC; empty for not at all.</summary>
    public string GrpcEndpointUrl { get; set; } = "http://localhost:18889";

    /// <summary>For OTLP over HTTP with Protobuf; empty for not at all.</summary>
    public string HttpEndpointUrl { get; set; } = "http://localhost:18890";

    /// <summary>Who may send.</summary>
    public OtlpAuthMode AuthMode { get; set; }

    /// <summary>The key that senders show in the header <c>x-otlp-api-key</c>. Without one, one is made and printed at the start.</summary>
    public string? PrimaryApiKey { get; set; }

    /// <summary>Another key that is good, too, so that the first can be changed while senders still have it.</summary>
    public string? SecondaryApiKey { get; set; }

    /// <summary>
    /// What a request may have, unpacked. 16 MiB: exporters send 512 items at a time, of which each may then have 32 KiB.
    /// </summary>
    [Range(1_024, 1_073_741_824)]
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class OtlpOptionsValidator : IValidateOptions<OtlpOptions>;
