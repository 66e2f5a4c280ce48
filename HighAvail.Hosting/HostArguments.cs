namespace HighAvail.Hosting;

/// <summary>The app host's command line: what to do, and configuration.</summary>
/// <param name="Verb">What to do with the running instance, and its arguments; empty to run.</param>
/// <param name="Configuration">The rest.</param>
/// <param name="Isolation">The name of an instance with a state of its own; empty for any that does not run; <see langword="null"/> for the usual one.</param>
internal sealed record HostArguments(string[] Verb, string[] Configuration, string? Isolation = null)
{
    internal const string Isolated = "--isolated";
    internal const string ResetData = "reset-data";
    internal const string Yes = "--yes";

    /// <summary>
    /// A command line that begins with a word asks something of the running instance; options alone are configuration. Settings of the
    /// host itself, such as <c>--HighAvail:StateDirectory=…</c>, can stand beside a command: they say which instance is meant.
    /// </summary>
    internal static HostArguments Parse(string[] args)
    {
        var isolation = args.Where(IsIsolation).Select(a => a.Length > Isolated.Length ? a[(Isolated.Length + 1)..] : string.Empty).LastOrDefault();
        // The spelling of an option means the command: it must never start a system on the data that somebody wants to be rid of.
        string[] others = [.. args.Where(a => !IsIsolation(a)).Select(a => a == $"--{ResetData}" ? ResetData : a)];
        string[] verb = [.. others.Where(a => !IsOwnSetting(a))];
        return verb is [{ Length: > 0 } first, ..] && IsVerb(first) ? new(verb, [.. others.Where(IsOwnSetting)], isolation) : new([], others, isolation);
    }

    private static bool IsIsolation(string argument) => argument == Isolated || argument.StartsWith($"{Isolated}=", StringComparison.Ordinal);

    private static bool IsOwnSetting(string argument) =>
        argument.StartsWith(HostSettings.OptionPrefix, StringComparison.OrdinalIgnoreCase) && argument.Contains('=', StringComparison.Ordinal);

    private static bool IsVerb(string first) =>
        first is "--help" or "-h" or "-?" or "--version" || (first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal));
}
