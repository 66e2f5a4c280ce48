using System.Text.RegularExpressions;

namespace HighAvail.Hosting.Orchestration;

/// <summary>What a program said about its end: the last error in its output, as .NET's console logger writes it, or else the last lines.</summary>
internal static partial class LogExcerpt
{
    /// <summary>The lines, without colours and without stack traces, which push out what was thrown.</summary>
    internal static string[] Of(IEnumerable<string> output, int maxLines)
    {
        string[] lines = [.. output.Select(l => Colour().Replace(l, string.Empty).TrimEnd()).Where(l => l.Length > 0 && !StackFrame().IsMatch(l))];
        var error = Array.FindLastIndex(lines, l => Error().IsMatch(l));
        return error < 0
            ? [.. lines.TakeLast(maxLines)]
            : [.. lines.Skip(error).TakeWhile((l, i) => i == 0 || !Entry().IsMatch(l)).Take(maxLines)];
    }

    [GeneratedRegex(@"\x1B\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\s+at ")]
    private static partial Regex StackFrame();

    [GeneratedRegex("^(crit|fail): |^Unhandled exception")]
    private static partial Regex Error();

    [GeneratedRegex("^(trce|dbug|info|warn|fail|crit): ")]
    private static partial Regex Entry();
}
