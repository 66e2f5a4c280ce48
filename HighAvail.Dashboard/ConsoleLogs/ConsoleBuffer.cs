using HighAvail.Dashboard.Control;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>The lines of a page: bounded, in the order of time, and those of them that contain a text.</summary>
internal sealed class ConsoleBuffer(int capacity = ConsoleBuffer.DefaultCapacity)
{
    /// <summary>Some 20 MB of lines of usual length.</summary>
    internal const int DefaultCapacity = 100_000;

    // Of lines of unusual length fewer are kept: 64 MB.
    private const long MaxCharacters = 32 * 1024 * 1024;

    private readonly List<LogLine> _lines = [];
    private List<LogLine> _matches = [];
    private string? _filter;
    private long _characters;

    /// <summary>All lines.</summary>
    internal int Total => _lines.Count;

    /// <summary>How many lines were dropped because newer ones came.</summary>
    internal long Dropped { get; private set; }

    /// <summary>How many of them would be among <see cref="Lines"/>, since what is looked for is the same.</summary>
    internal long DroppedLines { get; private set; }

    /// <summary>How many lines never came: they were printed faster than they could be read.</summary>
    internal long Skipped { get; private set; }

    /// <summary>The lines that match; all if nothing is looked for.</summary>
    internal IReadOnlyList<LogLine> Lines => _filter is null ? _lines : _matches;

    /// <summary>What lines must contain, in whatever case.</summary>
    internal string? Filter
    {
        get => _filter;
        set
        {
            _filter = string.IsNullOrEmpty(value) ? null : value;
            DroppedLines = 0;
            _matches = _filter is null ? [] : _lines.FindAll(Matches);
        }
    }

    /// <summary>Adds lines. Those of several programs come in pieces: each is put where its time says.</summary>
    internal void Add(IEnumerable<LogLine> lines)
    {
        // Stable: lines of the same time stay as they came.
        LogLine[] added = [.. lines.OrderBy(l => l.Time)];
        Skipped += added.Sum(l => l.LostBefore);
        _characters += added.Sum(l => l.Text.Length);
        Merge(_lines, added);
        if (_filter is not null)
        {
            Merge(_matches, Array.FindAll(added, Matches));
        }

        Trim();
    }

    internal void Clear()
    {
        _lines.Clear();
        _matches.Clear();
        (_characters, Dropped, DroppedLines, Skipped) = (0, 0, 0, 0);
    }

    /// <summary>Counts lines that came and find no room even here.</summary>
    internal void Drop(IReadOnlyCollection<LogLine> lines)
    {
        Dropped += lines.Count;
        Skipped += lines.Sum(l => l.LostBefore);
    }

    /// <summary>How many lines at the beginning are too many.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="characters">How long they are together.</param>
    /// <param name="capacity">How many there may be.</param>
    internal static int Surplus(List<LogLine> lines, long characters, int capacity = DefaultCapacity)
    {
        var surplus = 0;
        for (; surplus < lines.Count && (lines.Count - surplus > capacity || characters > MaxCharacters); surplus++)
        {
            characters -= lines[surplus].Text.Length;
        }

        return surplus;
    }

    private bool Matches(LogLine line) =>
        AnsiText.Strip(line.Text).Contains(_filter!, StringComparison.OrdinalIgnoreCase) || line.Replica.Contains(_filter!, StringComparison.OrdinalIgnoreCase);

    private static void Merge(List<LogLine> lines, LogLine[] added)
    {
        if (added.Length == 0)
        {
            return;
        }

        // Nearly always at the end, and then it is quick, however much a program prints.
        if (lines.Count == 0 || lines[^1].Time <= added[0].Time)
        {
            lines.AddRange(added);
            return;
        }

        var from = lines.Count;
        while (from > 0 && lines[from - 1].Time > added[0].Time)
        {
            from--;
        }

        var later = lines[from..];
        lines.RemoveRange(from, later.Count);
        var (i, j) = (0, 0);
        while (i < later.Count || j < added.Length)
        {
            lines.Add(j == added.Length || (i < later.Count && later[i].Time <= added[j].Time) ? later[i++] : added[j++]);
        }
    }

    private void Trim()
    {
        var surplus = Surplus(_lines, _characters, capacity);
        if (surplus > 0)
        {
            _characters -= _lines.Take(surplus).Sum(l => l.Text.Length);
            // They are in the same order.
            var matches = _filter is null ? 0 : _lines.Take(surplus).Count(Matches);
            _matches.RemoveRange(0, matches);
            _lines.RemoveRange(0, surplus);
            Dropped += surplus;
            DroppedLines += _filter is null ? surplus : matches;
        }
    }
}
