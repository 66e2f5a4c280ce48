using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>The id under which a request is found in traces and logs.</summary>
internal static class TraceIds
{
    public static string GetTraceId(this HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
