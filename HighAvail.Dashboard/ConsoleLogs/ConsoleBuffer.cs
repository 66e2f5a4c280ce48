using HighAvail.Dashboard.Control;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>The lines of a page: bounded, in the order of time, and those of them that contain a text.</summary>
internal sealed class ConsoleBuffer(int capacity = ConsoleBuffer.DefaultCapacity)
{
    /// <summary>Some 20 MB of lines of usual length.</summary>
    internal const int DefaultCapacity = 100_000;

    private readonly List<LogLine> _lines = [];
    private List<LogLine> _matches = [];
    private string? _filter;

    /// <summary>All lines.</summary>
    internal int Total => _lines.Count;

    /// <summary>The lines that match; all if nothing is looked for.</summary>
    internal IReadOnlyList<LogLine> Lines => _filter is null ? _lines : _matches;

    /// <summary>What lines must contain, in whatever case.</summary>
    internal string? Filter
    {
        get => _filter;
        set
        {
            _filter = string.IsNullOrEmpty(value) ? null : value;
            _matches = _filter is null ? [] : _lines.FindAll(Matches);
        }
    }

    /// <summary>Adds lines. Those of several programs come in pieces: each is put where its time says.</summary>
    internal void Add(IEnumerable<LogLine> lines)
    {
        var added = lines.OrderBy(l => l.Time).ToArray();
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
    }

    private bool Matches(LogLine line) =>
        AnsiText.Strip(line.Text).Contains(_filter!, StringComparison.OrdinalIgnoreCase) || line.Replica.Contains(_filter!, StringComparison.OrdinalIgnoreCase);

    private static void Merge(List<LogLine> lines, LogLine[] added)
    {
        if (added.Length == 0)
        {
            return;
        }

        // Nearly always at the end.
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
        // A tenth at a time: what remains is moved.
        if (_lines.Count > capacity)
        {
            var last = _lines.Count - capacity + (capacity / 10) - 1;
            var time = _lines[last].Time;
            _lines.RemoveRange(0, last + 1);
            _matches.RemoveAll(m => m.Time <= time && (_lines.Count == 0 || m.Time < _lines[0].Time));
        }
    }
}
