using System.Globalization;
using System.Net;
using System.Text;

namespace HighAvail.Drill.Report;

/// <summary>The report as one web page, which needs nothing beside it.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #6a737d; --line: #d8dee4; --good: #1a7f37; --bad: #cf222e; --accent: #0969da; --band: #bf870022; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #8b949e; --line: #30363d; --good: #3fb950; --bad: #f85149; --accent: #58a6ff; --band: #d2992233; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        h1, h2 { font-weight: 600; line-height: 1.2; } h2 { margin-top: 2.5rem; font-size: 1.2rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; white-space: normal; } th { color: var(--faint); font-weight: 500; }
        td small { display: block; color: var(--faint); } .good { color: var(--good); } .bad { color: var(--bad); } .faint { color: var(--faint); text-align: left; }
        .scroll { overflow-x: auto; } svg { width: 100%; height: auto; } svg text { fill: var(--faint); font-size: 11px; }
        .axis { stroke: var(--line); } .band { fill: var(--band); } .mark { stroke: var(--bad); stroke-dasharray: 2 3; }
        .answered, .p50 { stroke: var(--accent); } .p99, .max { stroke: var(--ink); } .max { opacity: .35; } polyline { fill: none; stroke-width: 1.5; } .failed { fill: var(--bad); }
        """;

    internal static string Write(DrillReport report)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Drill {Text(report.Run)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>Drill {Text(report.Run)}: {(report.ExitCode == DrillExitCode.Held ? "<span class=\"good\">the promises held</span>" : "<span class=\"bad\">the promises did not hold</span>")}</h1>
            <p>{report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {report.Duration:0} s, {report.Rate} requests per second of {report.Customers} customers to {Text(report.Target)}, seed {report.Seed}.
            Machine of the client: {report.Machine.Cores} cores, {Text(report.Machine.Platform)}, {Text(report.Machine.Framework)}. It was late itself by {report.ClientDelay.P99:0.0} ms (p99).</p>

            """);
        AppendList(page, report.Verdict);
        page.Append("<h2>Faults</h2>\n<div class=\"scroll\">");
        AppendFaults(page, report);
        page.Append("</div>\n<h2>Answered well in each second; failed, of those sent in it</h2>\n");
        page.Append(TimelineChart.Throughput(report));
        page.Append("<h2>Latency from the intended time of sending: p50, p99 and longest of each second</h2>\n");
        page.Append(TimelineChart.Latency(report));
        page.Append("<h2>Kinds of requests</h2>\n<div class=\"scroll\">");
        AppendKinds(page, report);
        page.Append("</div>\n");
        AppendList(page, [.. report.BadAnswers.OrderByDescending(static answer => answer.Value).Select(static answer => $"{answer.Value} × {answer.Key}")]);
        page.Append("<h2>Audit</h2>\n");
        AppendAudit(page, report);
        page.Append("</body>\n</html>\n");
        return page.ToString();
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void AppendList(StringBuilder page, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            page.Append("<ul class=\"bad\">").AppendJoin("", items.Select(i => $"<li>{Text(i)}</li>")).Append("</ul>\n");
        }
    }

    private static void AppendFaults(StringBuilder page, DrillReport report)
    {
        page.Append("<table><tr><th>fault</th><th>requests</th><th>failed</th><th>unknown</th><th>available</th><th>p50</th><th>p99</th><th>max</th><th>recovered after</th></tr>\n");
        AppendRow(page, "undisturbed", "", report.Undisturbed, "");
        foreach (var fault in report.Faults)
        {
            var name = fault.Times > 1 ? string.Create(CultureInfo.InvariantCulture, $"{fault.Name} ({fault.Times} times)") : fault.Name;
            if (fault.NotAvailable is { } reason)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}<small>{Text(fault.Title)}</small></td><td class=\"faint\" colspan=\"8\">not available: {Text(reason)}</td></tr>\n");
                continue;
            }

            var recovered = fault.Error ?? (fault.DidNotHeal ? "not" : fault.NotMade is { } notMade ? $"not made: {notMade}" : string.Create(CultureInfo.InvariantCulture, $"{fault.Recovery:0.0} s"));
            AppendRow(page, name, fault.Title, fault.Requests, recovered);
        }

        AppendRow(page, "all", "", report.Total, "");
        page.Append("</table>\n");
    }

    private static void AppendKinds(StringBuilder page, DrillReport report)
    {
        page.Append("<table><tr><th>kind</th><th>requests</th><th>failed</th><th>unknown</th><th>available</th><th>p50</th><th>p99</th><th>max</th><th></th></tr>\n");
        foreach (var (kind, requests) in report.Kinds)
        {
            AppendRow(page, kind.ToString(), "", requests, "");
        }

        page.Append("</table>\n");
    }

    private static void AppendRow(StringBuilder page, string name, string title, RequestStatistics requests, string recovered) => page.Append(
        CultureInfo.InvariantCulture,
        $"<tr><td>{Text(name)}{(title.Length > 0 && title != name ? $"<small>{Text(title)}</small>" : "")}</td><td>{requests.Requests}</td>{Count(requests.Failed)}{Count(requests.Unknown)}<td>{requests.Availability:0.00} %</td><td>{requests.P50:0.0} ms</td><td>{requests.P99:0} ms</td><td>{requests.Max:0} ms</td><td>{Text(recovered)}</td></tr>\n");

    private static string Count(int count) => string.Create(CultureInfo.InvariantCulture, $"<td{(count > 0 ? " class=\"bad\"" : "")}>{count}</td>");

    private static void AppendAudit(StringBuilder page, DrillReport report)
    {
        var audit = report.Audit;
        page.Append(CultureInfo.InvariantCulture, $"""
            <p>Read from: {Text(string.Join(" and ", audit.Sources))}. {audit.Acknowledged} orders acknowledged, {audit.Unknown} unknown, of which {audit.UnknownDone} are there, {audit.Refused} refused,
            {audit.Cancelled} cancelled, {audit.SetAside.Count} set aside by processing. They were read{(audit.CountOf(FindingKind.NotFinal) == 0 ? ", all final," : ", not all final,")} {audit.SettledAfter.TotalSeconds:0.0} s after the last answer.</p>

            """);
        if (audit.Holds)
        {
            page.Append("<p class=\"good\">Each acknowledged order is there once, with what was ordered; each unknown one at most once; none that nobody sent; events without gaps; totals agree; what was cancelled stays cancelled.</p>\n");
        }

        AppendList(page, [.. audit.Findings.Select(f => $"{f.Kind}: {f.Subject}: {f.Text}")]);
    }
}
