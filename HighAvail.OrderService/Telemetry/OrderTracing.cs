using System.Diagnostics;

namespace HighAvail.OrderService.Telemetry;

/// <summary>The spans of work that no request waits for.</summary>
internal static class OrderTracing
{
    /// <summary>Of meter and source: the name of the application, under which both are exported.</summary>
    public const string Name = "HighAvail.OrderService";

    private static readonly ActivitySource _source = new(Name);

    /// <summary>One span for a batch, linked to the requests that placed its orders: a parent could only be one of them.</summary>
    public static Activity? StartProcessing(IEnumerable<string?> traceParents)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var links = new List<ActivityLink>();
        foreach (var traceParent in traceParents)
        {
            if (ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context))
            {
                links.Add(new ActivityLink(context));
            }
        }

        return _source.StartActivity(ActivityKind.Consumer, name: "process orders", links: links);
    }
}
