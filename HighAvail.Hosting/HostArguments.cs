namespace HighAvail.Hosting;

/// <summary>The app host's command line: what to do, and configuration.</summary>
/// <param name="Verb">What to do with the running instance, and its arguments; empty to run.</param>
/// <param name="Configuration">The rest.</param>
internal sealed record HostArguments(string[] Verb, string[] Configuration)
{
    /// <summary>A command line that begins with a word asks something of the running instance; options alone are configuration.</summary>
    internal static HostArguments Parse(string[] args) => args is [{ Length: > 0 } first, ..] && IsVerb(first) ? new(args, []) : new([], args);

    private static bool IsVerb(string first) =>
        first is "--help" or "-h" or "-?" or "--version" || (first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal));
}
