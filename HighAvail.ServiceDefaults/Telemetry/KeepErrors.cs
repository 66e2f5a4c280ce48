using System.Diagnostics;
using OpenTelemetry;

namespace HighAvail.ServiceDefaults.Telemetry;

/// <summary>Has what ended in an error exported, also where it was not chosen to be. It stands before the exporter.</summary>
internal sealed class KeepErrors : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Status == ActivityStatusCode.Error)
        {
            data.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        }
    }
}
