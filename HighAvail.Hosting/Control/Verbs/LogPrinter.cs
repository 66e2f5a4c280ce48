using System.Text.Json;
using Spectre.Console;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Prints a log, each line with the replica's name and colour where there are several.</summary>
internal static class LogPrinter
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

            // As it was printed: a program's own colours pass.
            output.Out.WriteLine(text);
        }
    }
}
