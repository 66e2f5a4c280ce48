using HighAvail.Dashboard.ConsoleLogs;
using HighAvail.Dashboard.Control;

namespace HighAvail.Tests.Dashboard.ConsoleLogs;

public class ConsoleBufferTests
{
    private static readonly DateTimeOffset _start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_OfLinesOfSeveralPrograms_PutsEachWhereItsTimeSays()
    {
        var buffer = new ConsoleBuffer();

        buffer.Add([Line(1, "a1"), Line(4, "a4")]);
        buffer.Add([Line(2, "b2"), Line(3, "b3"), Line(4, "b4"), Line(5, "b5")]);

        Assert.Equal(["a1", "b2", "b3", "a4", "b4", "b5"], buffer.Lines.Select(l => l.Text));
    }

    [Fact]
    public void Filter_FindsTextBesideColours_AlsoInWhatComesLater()
    {
        var buffer = new ConsoleBuffer();
        buffer.Add([Line(1, "order \u001b[32m17\u001b[0m placed"), Line(2, "nothing")]);

        buffer.Filter = "ORDER 17";
        buffer.Add([Line(3, "other"), Line(4, "order 17 shipped")]);

        Assert.Equal([1, 4], buffer.Lines.Select(l => l.Time.Second));
        Assert.Equal(4, buffer.Total);
        buffer.Filter = null;
        Assert.Equal(4, buffer.Lines.Count);
    }

    [Fact]
    public void Add_OfMoreThanFits_ForgetsTheOldest()
    {
        var buffer = new ConsoleBuffer(100) { Filter = "even" };

        buffer.Add(Enumerable.Range(0, 250).Select(i => Line(i, i % 2 == 0 ? $"{i} even" : $"{i} odd")));

        Assert.Equal(100, buffer.Total);
        Assert.Equal(("150 even", "248 even"), (buffer.Lines[0].Text, buffer.Lines[^1].Text));
        Assert.Equal(50, buffer.Lines.Count);
        Assert.Equal((150, 75), (buffer.Dropped, buffer.DroppedLines));
    }

    [Fact]
    public void Skipped_LinesThatNeverCame_AreCountedUntilItIsCleared()
    {
        var buffer = new ConsoleBuffer(2) { Filter = "none of them" };

        buffer.Add([Line(1, "a"), Line(2, "b", lost: 5), Line(3, "c"), Line(4, "d", lost: 7)]);
        buffer.Drop([Line(5, "e", lost: 1)]);

        Assert.Equal((2, 3, 13), (buffer.Total, buffer.Dropped, buffer.Skipped));
        buffer.Clear();
        Assert.Equal((0, 0, 0), (buffer.Total, buffer.Dropped, buffer.Skipped));
    }

    [Fact]
    public void Add_LinesAreLong_KeepsFewer()
    {
        var buffer = new ConsoleBuffer();
        var text = new string('x', 8_000);

        buffer.Add(Enumerable.Range(1, 5_000).Select(i => Line(i, text)));

        Assert.InRange(buffer.Total * (long)text.Length, 30_000_000, 34_000_000);
        Assert.Equal(5_000, buffer.Total + buffer.Dropped);
    }

    private static LogLine Line(int second, string text, long lost = 0) => new("r-0", _start.AddSeconds(second), false, text, lost);
}
