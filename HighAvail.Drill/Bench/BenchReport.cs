using System.Globalization;
using Spectre.Console;

namespace HighAvail.Drill.Bench;

/// <summary>Tells what is going on and prints the tables at the end, as Markdown, which is what the project's docs keep.</summary>
internal sealed class BenchReport(IAnsiConsole console)
{
    private readonly List<string> _lines = [];

    /// <summary>Whether no request failed: figures of a run in which some did mean nothing.</summary>
    public bool IsSound { get; private set; } = true;

    public void Tell(string progress) => console.Profile.Out.Writer.WriteLine(progress);

    /// <summary>A table whose first contestant is what the others are compared with.</summary>
    public void Add(string title, IReadOnlyList<ContestResult> results)
    {
        _lines.Add($"**{title}** (median, lowest–highest of {results[0].Rounds.Count} rounds)");
        _lines.Add("");
        AddHeader("", "per second", "ratio", "p50, ms", "p99, ms", "failed");
        foreach (var result in results)
        {
            IsSound &= result.Failed == 0;
            AddRow(
                result.Name,
                result.PerSecond.ToString("F0"),
                result.RatioTo(results[0]).ToString("F2"),
                result.Median.ToString("F1"),
                result.P99.ToString("F1"),
                result.Failed.ToString(CultureInfo.InvariantCulture));
        }

        _lines.Add("");
    }

    /// <summary>Begins a table of another kind.</summary>
    public void AddHeader(params string[] columns)
    {
        AddRow(columns);
        AddRow([.. columns.Select(static _ => "---")]);
    }

    public void AddRow(params string[] cells) => _lines.Add($"| {string.Join(" | ", cells)} |");

    public void Add(string line)
    {
        _lines.Add(line);
        _lines.Add("");
    }

    public void Print()
    {
        foreach (var line in _lines)
        {
            console.Profile.Out.Writer.WriteLine(line);
        }
    }
}
