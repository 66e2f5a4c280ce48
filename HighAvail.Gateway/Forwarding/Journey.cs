using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Model;

namespace HighAvail.Gateway.Forwarding;

/// <summary>What has been done so far for one request.</summary>
internal sealed class Journey(HttpContext context, TimeSpan limit)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private List<DestinationState>? _tried;

    public ClusterState Service { get; } = context.GetRouteModel().Cluster!;

    public TimeSpan Left => limit - Stopwatch.GetElapsedTime(_began);

    public int Tries { get; set; }

    /// <summary>Whether the last of them had less time than a try has, because the request has used up its own.</summary>
    public bool IsShortOfTime { get; set; }

    /// <summary>How many of them broke off.</summary>
    public int LostTries { get; set; }

    public int TimesParked { get; private set; }

    public TimeSpan Parked { get; private set; }

    /// <summary>The replicas that may be tried now: those that have not failed since the request was last parked.</summary>
    public IReadOnlyList<DestinationState> Candidates()
    {
        var available = Service.DestinationsState.AvailableDestinations;
        return _tried is null ? available : [.. available.Where(destination => !_tried.Contains(destination))];
    }

    public void Failed(DestinationState destination) => (_tried ??= []).Add(destination);

    public void WasParked(TimeSpan time)
    {
        TimesParked++;
        Parked += time;
        _tried = null;
    }

    /// <summary>Writes it on the trace, where something happened.</summary>
    public void Trace()
    {
        if (Tries + TimesParked > 1 && context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity)
        {
            activity.SetTag("highavail.gateway.tries", Tries);
            activity.SetTag("highavail.gateway.parked_ms", (long)Parked.TotalMilliseconds);
        }
    }
}
