namespace HighAvail.Dashboard.Telemetry.Otlp;

/// <summary>Ends a request that is refused.</summary>
internal sealed class OtlpRequestException(OtlpFailure failure) : Exception(failure.Message)
{
    public OtlpFailure Failure { get; } = failure;
}
