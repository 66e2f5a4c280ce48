using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>A stretch of text in one style.</summary>
/// <param name="Text">The text, without control sequences.</param>
/// <param name="Class">CSS classes, or none.</param>
/// <param name="Style">CSS for a colour that has no class, or none.</param>
internal readonly record struct AnsiSegment(string Text, string? Class, string? Style);

/// <summary>Reads the colours that programs write for terminals (ECMA-48, "select graphic rendition"); other control sequences are left out.</summary>
internal static partial class AnsiText
{
    private const char Escape = '\u001b';

    /// <summary>The text without control sequences.</summary>
    internal static string Strip(string text) => text.Contains(Escape, StringComparison.Ordinal) ? Sequence().Replace(text, string.Empty) : text;

    /// <summary>The text as stretches of one style each.</summary>
    internal static IReadOnlyList<AnsiSegment> Parse(string text)
    {
        if (!text.Contains(Escape, StringComparison.Ordinal))
        {
            return [new(text, null, null)];
        }

        var segments = new List<AnsiSegment>();
        var style = new AnsiStyle();
        var start = 0;
        foreach (Match match in Sequence().Matches(text))
        {
            Add(match.Index);
            start = match.Index + match.Length;
            if (match.Groups["sgr"] is { Success: true } sgr)
            {
                style.Apply(sgr.ValueSpan);
            }
        }

        Add(text.Length);
        return segments;

        void Add(int end)
        {
            if (end > start)
            {
                segments.Add(new(text[start..end], style.Class, style.Css));
            }
        }
    }

    // Colours; any other sequence that begins with CSI; titles and links (OSC), up to BEL or ST; and what is shorter or broken off.
    [GeneratedRegex(@"\u001b(?:\[(?<sgr>[\d;:]*)m|\[[0-?]*[ -/]*[@-~]?|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~]?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Sequence();
}

/// <summary>The style that is in force, as sequences change it.</summary>
internal sealed class AnsiStyle
{
    private bool _bold, _dim, _italic, _underlined, _inverse;
    private string? _color, _background;

    internal string? Class
    {
        get
        {
            var classes = new StringBuilder();
            Append(_bold, "ansi-bold");
            Append(_dim, "ansi-dim");
            Append(_italic, "ansi-italic");
            Append(_underlined, "ansi-underlined");
            Append(_inverse, "ansi-inverse");
            return classes.Length > 0 ? classes.ToString(1, classes.Length - 1) : null;

            void Append(bool isSet, string name) => classes.Append(isSet ? $" {name}" : null);
        }
    }

    internal string? Css => (_color, _background) switch
    {
        (null, null) => null,
        (_, null) => $"color:{_color}",
        (null, _) => $"background:{_background}",
        _ => $"color:{_color};background:{_background}",
    };

    internal void Apply(ReadOnlySpan<char> parameters)
    {
        var codes = new List<int>();
        foreach (var range in parameters.SplitAny(';', ':'))
        {
            // What is left out means 0, and so does what is too large to mean anything.
            codes.Add(int.TryParse(parameters[range], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0);
        }

        for (var i = 0; i < codes.Count; i++)
        {
            i += Apply(codes, i);
        }
    }

    // Returns how many further numbers belong to the one at the index.
    private int Apply(List<int> codes, int index)
    {
        switch (codes[index])
        {
            case 0: (_bold, _dim, _italic, _underlined, _inverse, _color, _background) = (false, false, false, false, false, null, null); break;
            case 1: _bold = true; break;
            case 2: _dim = true; break;
            case 3: _italic = true; break;
            case 4: _underlined = true; break;
            case 7: _inverse = true; break;
            case 22: (_bold, _dim) = (false, false); break;
            case 23: _italic = false; break;
            case 24: _underlined = false; break;
            case 27: _inverse = false; break;
            case 39: _color = null; break;
            case 49: _background = null; break;
            case >= 30 and <= 37 and var code: _color = Named(code - 30); break;
            case >= 90 and <= 97 and var code: _color = Named(code - 90 + 8); break;
            case >= 40 and <= 47 and var code: _background = Background(code - 40); break;
            case >= 100 and <= 107 and var code: _background = Background(code - 100); break;
            case 38: return Extended(codes, index, Named, ref _color);
            case 48: return Extended(codes, index, Background, ref _background);
        }

        return 0;
    }

    private static int Extended(List<int> codes, int index, Func<int, string> named, ref string? color)
    {
        switch (codes.ElementAtOrDefault(index + 1))
        {
            case 5 when index + 2 < codes.Count:
                color = Indexed(codes[index + 2] & 0xff, named);
                return 2;
            case 2 when index + 4 < codes.Count:
                color = string.Create(CultureInfo.InvariantCulture, $"rgb({codes[index + 2] & 0xff} {codes[index + 3] & 0xff} {codes[index + 4] & 0xff})");
                return 4;
            default:
                // Broken off: nothing of the rest can be told.
                return codes.Count;
        }
    }

    // The sixteen colours of terminals are variables, so that they are readable on light and on dark.
    private static string Named(int index) => string.Create(CultureInfo.InvariantCulture, $"var(--ansi-{index})");

    // Behind text both forms of a colour are the same.
    private static string Background(int index) => string.Create(CultureInfo.InvariantCulture, $"var(--ansi-bg-{index % 8})");

    // A cube of 6 × 6 × 6 colours, and then 24 greys, as xterm has them.
    private static string Indexed(int index, Func<int, string> named) => index switch
    {
        < 16 => named(index),
        < 232 => string.Create(CultureInfo.InvariantCulture, $"rgb({Level((index - 16) / 36)} {Level((index - 16) / 6 % 6)} {Level((index - 16) % 6)})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"rgb({8 + ((index - 232) * 10)} {8 + ((index - 232) * 10)} {8 + ((index - 232) * 10)})"),
    };

    private static int Level(int step) => step == 0 ? 0 : 55 + (step * 40);
}
