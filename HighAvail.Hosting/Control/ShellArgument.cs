namespace HighAvail.Hosting.Control;

/// <summary>Words of the commands that are printed for people to copy.</summary>
internal static class ShellArgument
{
    private const string Safe = "%+,-./:=@_";

    /// <summary>The word as a POSIX shell takes it literally; PowerShell does so too, unless it holds an apostrophe.</summary>
    internal static string Quote(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || Safe.Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
