using System.Globalization;
using Spectre.Console;

namespace HighAvail.Drill.Report;

/// <summary>The report for the person at the terminal.</summary>
internal static class ConsoleReport
{
    private const int ShownFindings = 20;

    internal static void Print(DrillReport report, IAnsiConsole console)
    {
        console.Write(TableOf(report));
        var audit = report.Audit;
        console.WriteLine(Invariant(
            $"""
            Audit ({string.Join(" and ", audit.Sources)}): {audit.Acknowledged} orders acknowledged, {audit.Unknown} unknown (of which {audit.UnknownDone} are there),
            {audit.Refused} refused, {audit.Cancelled} cancelled.
            They were read {(audit.CountOf(FindingKind.NotFinal) == 0 ? "and all final" : "and not all final")} {audit.SettledAfter.TotalSeconds:0.0} s after the last answer.
            """));
        foreach (var finding in audit.Findings.Take(ShownFindings))
        {
            console.Write(new Text($"{finding.Kind}: {finding.Subject}: {finding.Text}{Environment.NewLine}", Color.Red));
        }

        if (audit.Findings.Count > ShownFindings)
        {
            console.WriteLine(Invariant($"… and {audit.Findings.Count - ShownFindings} more; --json has them all."));
        }

        foreach (var (answer, count) in report.BadAnswers.OrderByDescending(static answer => answer.Value).Take(ShownFindings))
        {
            console.WriteLine(Invariant($"{count} × {answer}"));
        }

        console.WriteLine(Invariant($"The client itself was late by {report.ClientDelay.P50:0.0} ms (p50), {report.ClientDelay.P99:0.0} ms (p99), {report.ClientDelay.Max:0} ms at most."));
        console.Write(report.ExitCode == DrillExitCode.Held
            ? new Text($"The promises held.{Environment.NewLine}", Color.Green)
            : new Text($"The promises did not hold: {string.Join("; ", report.Verdict)}.{Environment.NewLine}", Color.Red));
    }

    private static Table TableOf(DrillReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("fault") { NoWrap = true });
        foreach (var column in (string[])["requests", "failed", "unknown", "available", "p50", "p99", "max", "recovered after"])
        {
            table.AddColumn(new TableColumn(column) { Alignment = Justify.Right, NoWrap = true });
        }

        var missing = new List<string>();
        Add("undisturbed", report.Undisturbed, "");
        foreach (var fault in report.Faults)
        {
            var name = fault.Times > 1 ? Invariant($"{fault.Name} ({fault.Times} times)") : fault.Name;
            if (fault.NotAvailable is { } reason)
            {
                missing.Add($"{name}: {reason}");
                continue;
            }

            if (fault.NotMade is { } notMade)
            {
                missing.Add($"{name}: not made: {notMade.TrimEnd('.')}");
            }

            Add(name, fault.Requests, fault.Error is not null ? "could not be made" : fault.DidNotHeal ? "not" : fault.NotMade is not null ? "not made" : Invariant($"{fault.Recovery:0.0} s"));
        }

        Add("all", report.Total, "");
        if (missing.Count > 0)
        {
            table.Caption = new($"Not everything was done: {Markup.Escape(string.Join("; ", missing))}.");
        }

        return table;

        void Add(string name, RequestStatistics requests, string recovered) => table.AddRow(
            new Text(name),
            new Text(Invariant($"{requests.Requests}")),
            new Text(Invariant($"{requests.Failed}"), requests.Failed > 0 ? Color.Yellow : null),
            new Text(Invariant($"{requests.Unknown}"), requests.Unknown > 0 ? Color.Yellow : null),
            new Text(Invariant($"{requests.Availability:0.00} %")),
            new Text(Invariant($"{requests.P50:0.0} ms")),
            new Text(Invariant($"{requests.P99:0} ms")),
            new Text(Invariant($"{requests.Max:0} ms")),
            new Text(recovered));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
