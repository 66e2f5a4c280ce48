using System.CommandLine;
using HighAvail.Drill.Report;
using Spectre.Console;

namespace HighAvail.Drill;

/// <summary>The command line of a drill.</summary>
internal static class DrillCommand
{
    // Wide enough for the table where nobody says how wide the output is, as in a file.
    private const int PlainWidth = 160;

    internal static RootCommand Create()
    {
        var arguments = new DrillArguments();
        var root = new RootCommand("Puts load on the system, breaks it, and audits that nothing was lost. 'bench' measures instead.");
        foreach (var option in arguments.Options)
        {
            root.Options.Add(option);
        }

        root.SetAction((parsed, cancellationToken) => RunAsync(arguments.Read(parsed), cancellationToken));
        return root;
    }

    private static async Task<int> RunAsync(DrillOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        var report = await new DrillRun(options, new ConsoleView(console, TimeProvider.System), Console.In, TimeProvider.System).RunAsync(cancellationToken);
        ConsoleReport.Print(report, console);
        await WriteAsync(options.JsonFile, () => ReportJson.Write(report));
        await WriteAsync(options.HtmlFile, () => HtmlReport.Write(report));
        return report.ExitCode;
    }

    private static async Task WriteAsync(string? path, Func<string> write)
    {
        try
        {
            if (path is not null)
            {
                await File.WriteAllTextAsync(path, write());
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DrillException($"The report cannot be written: {exception.Message}", exception);
        }
    }
}
