using Spectre.Console;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Where a command prints: with colours on a terminal, otherwise as plain text that stays the same for scripts.</summary>
/// <param name="Out">The standard output.</param>
/// <param name="Error">The standard error stream.</param>
/// <param name="Terminal">The terminal, if the output is one.</param>
internal sealed record CommandOutput(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal)
{
    private const string Gap = "  ";

    internal static CommandOutput Standard => new(Console.Out, Console.Error, Console.IsOutputRedirected ? null : AnsiConsole.Console)
    {
        Ask = Console.IsInputRedirected ? null : question =>
        {
            Console.Out.Write(question);
            return Console.ReadLine();
        },
    };

    /// <summary>Asks the person at the terminal; <see langword="null"/> when there is none.</summary>
    internal Func<string, string?>? Ask { get; init; }

    /// <summary>Prints rows in columns. The last column may be as wide as it likes.</summary>
    internal void Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (Terminal is not null)
        {
            var table = new Table().NoBorder().HideRowSeparators();
            foreach (var header in headers)
            {
                var column = new TableColumn(new Text(header, new(decoration: Decoration.Dim))).PadRight(2);
                table.AddColumn(header == headers[^1] ? column : column.NoWrap());
            }

            foreach (var row in rows)
            {
                table.AddRow(row.Select(c => new Text(c.Text, new(c.Color))));
            }

            Terminal.Write(table);
            return;
        }

        var widths = headers.Select((h, i) => rows.Select(r => r[i].Text.Length).Append(h.Length).Max()).ToArray();
        Line(headers);
        foreach (var row in rows)
        {
            Line([.. row.Select(c => c.Text)]);
        }

        void Line(IReadOnlyList<string> texts) => Out.WriteLine(string.Join(Gap, texts.Select((t, i) => t.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>Prints text in a colour, without ending the line.</summary>
    internal void Write(string text, Color color)
    {
        if (Terminal is not null)
        {
            Terminal.Write(new Text(text, new(color)));
        }
        else
        {
            Out.Write(text);
        }
    }
}

/// <summary>A text in a table, and its colour on a terminal.</summary>
internal sealed record Cell(string Text, Color Color)
{
    internal Cell(string? text)
        : this(text ?? string.Empty, Color.Default)
    {
    }
}
