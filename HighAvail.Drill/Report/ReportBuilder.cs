using HighAvail.Drill.Audit;
using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;

namespace HighAvail.Drill.Report;

/// <summary>Adds up what was recorded.</summary>
internal static class ReportBuilder
{
    internal static DrillReport Build(
        DrillOptions options, string run, string target, DateTimeOffset startedAt, IReadOnlyList<Sample> samples, IReadOnlyList<FaultRecord> faults, AuditResult audit)
    {
        var byFault = samples.ToLookup(s => FaultOf(s, faults));
        var delays = RequestStatistics.Of(samples.Select(s => s with { Latency = s.Delay }));
        return new()
        {
            Run = run,
            StartedAt = startedAt,
            Duration = samples.Count == 0 ? 0 : Math.Round(samples.Max(s => s.Intended).TotalSeconds, 1),
            Target = target,
            Rate = options.Load.Rate,
            Customers = options.Load.Customers,
            Seed = options.Seed,
            Slo = options.Slo,
            Machine = MachineDescription.This,
            Total = RequestStatistics.Of(samples),
            Undisturbed = RequestStatistics.Of(byFault[null]),
            Faults = Rows(faults, byFault),
            Kinds = samples.GroupBy(s => s.Kind).OrderBy(g => g.Key).ToDictionary(g => g.Key, RequestStatistics.Of),
            ClientDelay = new(delays.P50, delays.P99, delays.Max),
            Timeline = Timeline(samples),
            Windows = [.. faults.Where(f => f.NotAvailable is null)
                .Select(f => new FaultWindow(f.Name, Seconds(f.BeganAt), f.HealedAt is { } healed ? Seconds(healed) : null, Seconds(f.EndedAt)))],
            Marks = [.. faults.SelectMany(f => f.Marks).OrderBy(m => m.At).Select(m => new TimelineMark(Seconds(m.At), m.Text))],
            Audit = audit,
        };
    }

    // A row per fault, in the order in which they were made first.
    private static FaultRow[] Rows(IReadOnlyList<FaultRecord> faults, ILookup<FaultRecord?, Sample> samples) =>
        [.. faults.GroupBy(f => f.Name).Select(g => Row([.. g], samples))];

    private static FaultRow Row(FaultRecord[] faults, ILookup<FaultRecord?, Sample> samples)
    {
        var made = faults.Where(f => f.NotAvailable is null).ToArray();
        return new(
            faults[0].Name,
            faults[0].Title,
            made.Length,
            made.Length == 0 ? faults[0].NotAvailable : null,
            made.Select(f => f.NotMade).FirstOrDefault(n => n is not null),
            made.Select(f => f.Error).FirstOrDefault(e => e is not null),
            RequestStatistics.Of(made.SelectMany(f => samples[f])),
            made.Max(f => Recovery(f, samples[f])),
            made.Max(f => f.HealedAt is { } healed ? Seconds(healed - f.BeganAt) : (double?)null),
            made.Any(f => f.Error is null && DidNotHeal(f)));
    }

    private static bool DidNotHeal(FaultRecord fault) => fault.WasWatched && (fault.HealedAt is null || !fault.IsSettled);

    private static double? Recovery(FaultRecord fault, IEnumerable<Sample> samples)
    {
        if (DidNotHeal(fault))
        {
            return null;
        }

        var lastFailed = samples.Where(s => s.Outcome != Outcome.Ok).Select(s => s.Intended).DefaultIfEmpty(fault.BeganAt).Max();
        var healed = fault.HealedAt ?? fault.BeganAt;
        return Seconds((lastFailed > healed ? lastFailed : healed) - fault.BeganAt);
    }

    // What was under way when a fault began, it met as well. Each request counts for one fault, the first that it met.
    private static FaultRecord? FaultOf(Sample sample, IReadOnlyList<FaultRecord> faults) => faults.FirstOrDefault(
        f => f.NotAvailable is null && sample.Intended <= f.EndedAt && sample.Intended + sample.Latency >= f.BeganAt);

    private static TimelineSecond[] Timeline(IReadOnlyList<Sample> samples)
    {
        var answered = samples.Where(s => s.Outcome == Outcome.Ok).CountBy(s => (int)(s.Intended + s.Latency).TotalSeconds).ToDictionary();
        return
        [
            .. samples.GroupBy(s => (int)s.Intended.TotalSeconds).OrderBy(g => g.Key).Select(g =>
            {
                var statistics = RequestStatistics.Of(g);
                return new TimelineSecond(
                    g.Key, statistics.Requests, answered.GetValueOrDefault(g.Key), statistics.Failed, statistics.Unknown, statistics.P50, statistics.P99, statistics.Max);
            }),
        ];
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);
}
