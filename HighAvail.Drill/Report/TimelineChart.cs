using System.Globalization;
using System.Text;

namespace HighAvail.Drill.Report;

/// <summary>What happened over time, as SVG: a band for each fault, a line for each thing that was done.</summary>
internal static class TimelineChart
{
    private const double Width = 1000;
    private const double Height = 270;
    private const double Left = 50;
    // Four lines of names above the chart.
    private const double Top = 54;
    private const double Bottom = 24;

    // A millisecond to what clients wait at most: everything that matters lies between.
    private const double ShortestLatency = 1;
    private const double LongestLatency = 20_000;

    internal static string Throughput(DrillReport report)
    {
        var most = Math.Max(1, report.Timeline.Select(s => Math.Max(s.Requests, s.Answered)).DefaultIfEmpty().Max()) * 1.1;
        var svg = Begin(report, "Answers and failures per second");
        AppendAxis(svg, 0, "0", Y(0));
        AppendAxis(svg, most / 1.1, Number(most / 1.1), Y(most / 1.1));
        foreach (var second in report.Timeline.Where(s => s.Failed + s.Unknown > 0))
        {
            var (from, to, y) = (X(report, second.Second), X(report, second.Second + 1), Y(second.Failed + second.Unknown));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"failed\" x=\"{from:0.0}\" y=\"{y:0.0}\" width=\"{to - from:0.0}\" height=\"{Y(0) - y:0.0}\"><title>second {second.Second}: {second.Failed} failed, {second.Unknown} unknown</title></rect>\n");
        }

        AppendLine(svg, "answered", report.Timeline.Select(s => (X(report, s.Second + 0.5), Y(s.Answered))));
        return svg.Append("</svg>\n").ToString();

        double Y(double requests) => Height - Bottom - (requests / most * (Height - Top - Bottom));
    }

    internal static string Latency(DrillReport report)
    {
        var svg = Begin(report, "Latency");
        foreach (var (milliseconds, label) in ((double, string)[])[(1, "1 ms"), (10, "10 ms"), (100, "100 ms"), (1_000, "1 s"), (10_000, "10 s")])
        {
            AppendAxis(svg, milliseconds, label, Y(milliseconds));
        }

        AppendLine(svg, "max", report.Timeline.Select(s => (X(report, s.Second + 0.5), Y(s.Max))));
        AppendLine(svg, "p99", report.Timeline.Select(s => (X(report, s.Second + 0.5), Y(s.P99))));
        AppendLine(svg, "p50", report.Timeline.Select(s => (X(report, s.Second + 0.5), Y(s.P50))));
        return svg.Append("</svg>\n").ToString();

        static double Y(double milliseconds)
        {
            var share = Math.Log(Math.Clamp(milliseconds, ShortestLatency, LongestLatency) / ShortestLatency) / Math.Log(LongestLatency / ShortestLatency);
            return Height - Bottom - (share * (Height - Top - Bottom));
        }
    }

    private static StringBuilder Begin(DrillReport report, string title)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{HtmlReport.Text(title)}\">\n");
        var ends = new double[4];
        foreach (var window in report.Windows)
        {
            var (from, to) = (X(report, window.From), X(report, window.To));

            // On the lowest line that is free there, or the names of short ones would cover each other.
            var width = 6 * window.Name.Length;
            var start = Math.Min(from, Width - width);
            var line = Array.FindIndex(ends, end => end <= start) is >= 0 and var free ? free : Array.IndexOf(ends, ends.Min());
            ends[line] = start + width;
            var y = Top - 4 - (line * 12);
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"band\" x=\"{from:0.0}\" y=\"{Top}\" width=\"{Math.Max(1, to - from):0.0}\" height=\"{Height - Top - Bottom}\"><title>{HtmlReport.Text(window.Name)}: from {window.From:0.0} s to {window.To:0.0} s</title></rect>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{start:0.0}\" y=\"{y}\">{HtmlReport.Text(window.Name)}</text>\n");
        }

        foreach (var mark in report.Marks)
        {
            var x = X(report, mark.At);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"mark\" x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"><title>{mark.At:0.0} s: {HtmlReport.Text(mark.Text)}</title></line>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 8}\">0 s</text><text x=\"{Width}\" y=\"{Height - 8}\" text-anchor=\"end\">{report.Duration:0} s</text>\n");
        return svg;
    }

    private static void AppendAxis(StringBuilder svg, double value, string label, double y) => svg.Append(
        CultureInfo.InvariantCulture,
        $"<line class=\"axis\" data-value=\"{value:0.#}\" x1=\"{Left}\" x2=\"{Width}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\"/><text x=\"{Left - 6}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{label}</text>\n");

    private static void AppendLine(StringBuilder svg, string type, IEnumerable<(double X, double Y)> points) => svg
        .Append(CultureInfo.InvariantCulture, $"<polyline class=\"{type}\" points=\"")
        .AppendJoin(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.0},{p.Y:0.0}")))
        .Append("\"/>\n");

    private static double X(DrillReport report, double second) => Left + (second / Math.Max(1, report.Duration) * (Width - Left));

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
