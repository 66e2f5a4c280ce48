using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Control;

/// <summary>
/// Finds an option of the host that is misspelt. As configuration it would mean nothing, and the start would be another one than was asked for.
/// What resembles none is left alone: an app host may have options of its own.
/// </summary>
internal static class MisspeltOption
{
    private static readonly string[] _options = [HostArguments.Isolated, $"--{HostArguments.ResetData}", "--help", "--version"];
    private static readonly string[] _settings = [HostSettings.StateDirectory, HostSettings.DisableDashboard, BinaryLocator.PostgresKey, BinaryLocator.RedisKey, BinaryLocator.InstalledKey];

    /// <summary>What to tell, or <see langword="null"/>.</summary>
    internal static string? Describe(IEnumerable<string> configuration) => configuration.Select(Describe).FirstOrDefault(problem => problem is not null);

    private static string? Describe(string argument)
    {
        var option = argument.Split('=')[0];
        if (!option.StartsWith("--", StringComparison.Ordinal))
        {
            return null;
        }

        var isSetting = option.StartsWith(HostSettings.OptionPrefix, StringComparison.OrdinalIgnoreCase);
        var start = isSetting ? HostSettings.OptionPrefix : "--";

        // Compared without what they have in common, which would make all of them look alike.
        var known = isSetting ? _settings.Select(s => $"--{s}") : _options;
        var (own, others) = (option[start.Length..], known.Select(k => k[start.Length..]).ToArray());
        var nearest = others.Contains(own, StringComparer.OrdinalIgnoreCase) ? [] : NearestNames.Find(own, others);
        return nearest.Length == 0 ? null : $"Unknown option '{option}'.{NearestNames.Question([.. nearest.Select(n => start + n)])}";
    }
}
