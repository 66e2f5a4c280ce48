using System.Text.Json;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Prints a log, each line with the replica's name and colour where there are several.</summary>
internal static partial class LogPrinter
{
    private static readonly Color[] _colors = [Color.Aqua, Color.Yellow, Color.Green, Color.Fuchsia, Color.Blue, Color.Orange1];

    internal static async Task PrintAsync(IAsyncEnumerable<string> lines, bool withNames, CommandOutput output, CancellationToken cancellationToken)
    {
        var colors = new Dictionary<string, Color>();
        await foreach (var line in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var entry = JsonSerializer.Deserialize(line, ControlJson.Default.LogEntry)!;
            if (entry.LostBefore > 0)
            {
                Print(entry, $"({entry.LostBefore} lines left out)");
            }

            Print(entry, entry.Text);
        }

        void Print(LogEntry entry, string text)
        {
            if (withNames)
            {
                if (!colors.TryGetValue(entry.Replica, out var color))
                {
                    colors[entry.Replica] = color = _colors[colors.Count % _colors.Length];
                }

                output.Write($"{entry.Replica} | ", color);
            }

            // A program's own colours are for a terminal; in a file or a pipe they would only be in the way.
            output.Out.WriteLine(output.Terminal is null ? ControlSequence().Replace(text, string.Empty) : text);
        }
    }

    // CSI of ECMA-48: parameter bytes, intermediate bytes, a final byte.
    [GeneratedRegex(@"\x1B\[[0-?]*[ -/]*[@-~]")]
    private static partial Regex ControlSequence();
}
