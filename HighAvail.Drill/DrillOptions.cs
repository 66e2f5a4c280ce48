using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;

namespace HighAvail.Drill;

/// <summary>What a drill is to do.</summary>
internal sealed record DrillOptions
{
    public LoadOptions Load { get; init; } = new();

    public FaultMode Mode { get; init; } = FaultMode.Scenarios;

    /// <summary>The faults, in order, or those that random ones are drawn from.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = [];

    /// <summary>Decides the mix of requests, which replica is hit, and random faults.</summary>
    public int Seed { get; init; }

    /// <summary>How long there is load where scenarios do not decide it.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Undisturbed load before each fault: what an earlier one left behind must not count for the next.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A fault is over when everything is healthy and no request has failed for so long.</summary>
    public TimeSpan Recovery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of requests, in percent, that must be answered well.</summary>
    public double Slo { get; init; } = 99.9;

    /// <summary>A system that is not run by this host, and that only its address is known of.</summary>
    public Uri? Target { get; init; }

    /// <summary>Who issued the target's certificate, if the machine does not trust it.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The state folder of a running system to use; none starts one.</summary>
    public string? AttachTo { get; init; }

    /// <summary>What stands before the gateways of the system that is started, as the app host's <c>--edge</c> takes it.</summary>
    public string? Edge { get; init; }

    public string? JsonFile { get; init; }

    public string? HtmlFile { get; init; }
}

internal enum FaultMode
{
    /// <summary>Each scenario once.</summary>
    Scenarios,

    /// <summary>Load alone.</summary>
    None,

    /// <summary>Somebody else breaks something, and says when.</summary>
    External,

    /// <summary>Scenarios as the seed decides.</summary>
    Random,
}
