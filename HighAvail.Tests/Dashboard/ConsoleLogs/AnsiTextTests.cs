using HighAvail.Dashboard.ConsoleLogs;

namespace HighAvail.Tests.Dashboard.ConsoleLogs;

public class AnsiTextTests
{
    [Theory]
    [InlineData("plain", "plain||")]
    [InlineData("\u001b[32minfo\u001b[39m: x", "info||color:var(--ansi-2)", ": x||")]
    [InlineData("\u001b[1;31;44mx\u001b[0my", "x|ansi-bold|color:var(--ansi-1);background:var(--ansi-bg-4)", "y||")]
    [InlineData("\u001b[mx", "x||")]
    [InlineData("\u001b[93mx\u001b[4my\u001b[24;3mz", "x||color:var(--ansi-11)", "y|ansi-underlined|color:var(--ansi-11)", "z|ansi-italic|color:var(--ansi-11)")]
    [InlineData("\u001b[38;5;196mx", "x||color:rgb(255 0 0)")]
    [InlineData("\u001b[38;5;9mx", "x||color:var(--ansi-9)")]
    [InlineData("\u001b[38;5;232mx", "x||color:rgb(8 8 8)")]
    [InlineData("\u001b[48;2;1;2;3mx", "x||background:rgb(1 2 3)")]
    [InlineData("\u001b[38;2;1mx", "x||")]
    [InlineData("\u001b[99999999999mx", "x||")]
    [InlineData("\u001b]0;title\u0007x", "x||")]
    [InlineData("\u001b]8;;https://e.example\u001b\\x\u001b]8;;\u001b\\", "x||")]
    [InlineData("\u001b[2K\u001b[1Gx", "x||")]
    [InlineData("x\u001b", "x||")]
    [InlineData("x\u001b[", "x||")]
    [InlineData("<b>&", "<b>&||")]
    public void Parse_OfTerminalOutput_SaysWhatIsInWhichStyle(string text, params string[] expected)
    {
        Assert.Equal(expected, AnsiText.Parse(text).Select(s => $"{s.Text}|{s.Class}|{s.Style}"));
        Assert.Equal(string.Concat(expected.Select(e => e.Split('|')[0])), AnsiText.Strip(text));
    }

    [Fact]
    public void Parse_OfAnything_LosesNoTextAndKeepsNoEscape() => CsCheck.Check.Sample(
        CsCheck.Gen.String[CsCheck.Gen.Char["\u001b[]0123;:mK \u0007\\ab"]],
        text =>
        {
            var segments = AnsiText.Parse(text);
            Assert.Equal(AnsiText.Strip(text), string.Concat(segments.Select(s => s.Text)));
            Assert.DoesNotContain('\u001b', AnsiText.Strip(text));
        });
}
