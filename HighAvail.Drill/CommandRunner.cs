using System.CommandLine;
using System.CommandLine.Invocation;

namespace HighAvail.Drill;

/// <summary>Runs a command and turns whatever prevents it into one line and an exit code.</summary>
internal static class CommandRunner
{
    internal static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, TextWriter error)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
            {
                await error.WriteLineAsync($"error: {problem.Message}");
            }

            return DrillExitCode.NotDone;
        }

        try
        {
            // Without a limit: what was started is stopped, and that is worth waiting for.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });
        }
        catch (DrillException exception)
        {
            await error.WriteLineAsync($"error: {exception.Message}");
            return DrillExitCode.NotDone;
        }
        catch (OperationCanceledException)
        {
            return DrillExitCode.Cancelled;
        }
    }
}
