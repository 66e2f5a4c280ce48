using HighAvail.Drill.Audit;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Report;

/// <summary>What a drill measured. Its JSON is what other programs read: members are added, not renamed.</summary>
internal sealed record DrillReport
{
    private const int ShownOrders = 10;

    public required string Run { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Of the load, in seconds.</summary>
    public required double Duration { get; init; }

    public required string Target { get; init; }

    public required int Rate { get; init; }

    public required int Customers { get; init; }

    public required int Seed { get; init; }

    /// <summary>In percent.</summary>
    public required double Slo { get; init; }

    public required MachineDescription Machine { get; init; }

    /// <summary>All requests.</summary>
    public required RequestStatistics Total { get; init; }

    /// <summary>Those that belong to no fault.</summary>
    public required RequestStatistics Undisturbed { get; init; }

    public required IReadOnlyList<FaultRow> Faults { get; init; }

    public required IReadOnlyDictionary<RequestKind, RequestStatistics> Kinds { get; init; }

    /// <summary>How late the client itself was, in milliseconds; where that is much, its machine was too busy to measure anything.</summary>
    public required ClientDelay ClientDelay { get; init; }

    public required IReadOnlyList<TimelineSecond> Timeline { get; init; }

    public required IReadOnlyList<FaultWindow> Windows { get; init; }

    public required IReadOnlyList<TimelineMark> Marks { get; init; }

    public required AuditResult Audit { get; init; }

    /// <summary>What requests were told that were not answered well, and how many.</summary>
    public IReadOnlyDictionary<string, int> BadAnswers { get; init; } = new Dictionary<string, int>();

    /// <summary>What the process ends with.</summary>
    public int ExitCode => !Audit.Holds ? DrillExitCode.Broken
        : ProvesNothing || Faults.Any(f => f.Error is not null) ? DrillExitCode.NotDone
        : Verdict.Count > 0 ? DrillExitCode.NotAvailable
        : DrillExitCode.Held;

    /// <summary>What did not hold; empty if everything did.</summary>
    public IReadOnlyList<string> Verdict =>
    [
        .. Audit.Findings.GroupBy(f => f.Kind).OrderBy(g => g.Key).Select(g => $"{g.Key}: {g.Count()}"),
        .. ProvesNothing ? ["no order was acknowledged, so that none is there proves nothing"] : Array.Empty<string>(),
        .. Audit.SetAside.Count > 0 ? [FormattableString.Invariant($"{Audit.SetAside.Count} orders were set aside by processing: {string.Join(", ", Audit.SetAside.Take(ShownOrders))}")] : Array.Empty<string>(),
        .. Total.Availability < Slo ? [FormattableString.Invariant($"availability {Total.Availability:0.###} % is below {Slo:0.###} %")] : Array.Empty<string>(),
        .. Faults.Where(f => f.Error is not null).Select(f => $"{f.Name} could not be made: {f.Error}"),
        .. Faults.Where(f => f.DidNotHeal).Select(f => $"{f.Name} did not heal"),
    ];

    private bool ProvesNothing => Total.Requests == 0 || Audit.Acknowledged == 0;
}

/// <summary>A fault, of all times that it was made.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Times">How often it was made.</param>
/// <param name="NotAvailable">Why this system cannot be done that to.</param>
/// <param name="NotMade">Why, at least once, the system was not in a state for one of its steps.</param>
/// <param name="Error">What went wrong while it was made.</param>
/// <param name="Requests">The requests from its first step until the recovery time after it healed.</param>
/// <param name="Recovery">
/// Seconds from the first step until everything was healthy and the last request that failed had been sent, whichever is later; the longest.
/// </param>
/// <param name="Healing">Seconds from the first step until the host saw everything healthy; the longest. None where nobody asked a host.</param>
/// <param name="DidNotHeal">Whether that never came, or requests still failed long after it.</param>
internal sealed record FaultRow(
    string Name, string Title, int Times, string? NotAvailable, string? NotMade, string? Error, RequestStatistics Requests, double? Recovery, double? Healing, bool DidNotHeal);

/// <summary>The requests that were to be sent within one second.</summary>
/// <param name="Second">Since the load began.</param>
/// <param name="Requests">How many: always the rate, since they are sent whatever becomes of those before.</param>
/// <param name="Answered">How many requests were answered well within this second, whenever they were sent.</param>
/// <param name="Failed">Of those that were to be sent.</param>
/// <param name="Unknown">Of those that were to be sent.</param>
/// <param name="P50">In milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
/// <param name="Max">In milliseconds.</param>
internal sealed record TimelineSecond(int Second, int Requests, int Answered, int Failed, int Unknown, double P50, double P99, double Max);

/// <summary>One time that a fault was made, in seconds since the load began.</summary>
internal sealed record FaultWindow(string Name, double From, double? HealedAt, double To);

/// <summary>Something that was done, in seconds since the load began.</summary>
internal sealed record TimelineMark(double At, string Text);

/// <summary>In milliseconds.</summary>
internal sealed record ClientDelay(double P50, double P99, double Max);

internal sealed record MachineDescription(int Cores, string Platform, string Framework)
{
    internal static MachineDescription This { get; } = new(
        Environment.ProcessorCount,
        System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription);
}
