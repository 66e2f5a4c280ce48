using System.Diagnostics;
using OpenTelemetry.Trace;

namespace HighAvail.ServiceDefaults.Telemetry;

/// <summary>
/// Traces everything up to so many traces a second, and beyond that a part of them. Who began the trace decides for those it calls, where that is believed.
/// A statement or call on nobody's behalf (a service that looks whether there is work, several times a second) begins none.
/// </summary>
/// <remarks>
/// A request that is not chosen is recorded all the same, without the statements and calls below it, which are what costs most:
/// <see cref="KeepErrors"/> has it exported when it ends in an error. The part is chosen by the trace id, so all replicas choose the same.
/// </remarks>
internal sealed class BudgetSampler(SamplingOptions options, TimeProvider timeProvider) : Sampler
{
    private readonly TraceIdRatioBasedSampler _part = new(options.BusyRatio);
    private readonly Lock _lock = new();
    private long _second;
    private int _begun;

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId == default && samplingParameters.Kind == ActivityKind.Client)
        {
            return new SamplingResult(SamplingDecision.RecordOnly);
        }

        return new SamplingResult(parent.TraceId != default && (options.FollowsCaller || !parent.IsRemote)
            ? (parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded), parent.IsRemote) switch
            {
                (true, _) => SamplingDecision.RecordAndSample,
                (false, true) => SamplingDecision.RecordOnly,
                (false, false) => SamplingDecision.Drop,
            }
            : MayBegin() || _part.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample
                ? SamplingDecision.RecordAndSample
                : SamplingDecision.RecordOnly);
    }

    private bool MayBegin()
    {
        var second = timeProvider.GetTimestamp() / timeProvider.TimestampFrequency;
        lock (_lock)
        {
            if (second != _second)
            {
                (_second, _begun) = (second, 0);
            }

            if (_begun == options.MaxTracesPerSecond)
            {
                return false;
            }

            _begun++;
            return true;
        }
    }
}
