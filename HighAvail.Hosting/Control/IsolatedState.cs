using System.Globalization;

namespace HighAvail.Hosting.Control;

/// <summary>The state folders of instances that run beside the usual one of the same app host, with ports of their own.</summary>
internal static class IsolatedState
{
    private const int LongestName = 32;
    private const string Folder = "isolated";

    /// <summary>The state folder that an instance's own lies in, or is.</summary>
    internal static string Root(HostDirectories directories) =>
        directories.Isolation is null ? directories.State : Path.GetFullPath(Path.Combine(directories.State, "..", ".."));

    /// <summary>The folders of the usual instance, or those of an isolated one.</summary>
    /// <param name="appHost">The app host's folder.</param>
    /// <param name="state">The usual state folder.</param>
    /// <param name="name">Which one; empty for the first, <see langword="null"/> for the usual instance.</param>
    /// <exception cref="DistributedApplicationException">That is no name for one.</exception>
    internal static HostDirectories Find(string appHost, string state, string? name) => name switch
    {
        null => new(appHost, state),
        "" => Of(appHost, state, 1),
        _ when name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => Of(appHost, state, name),
        _ => throw new DistributedApplicationException(
            $"'{name}' cannot be the name of an isolated instance: it takes up to {LongestName} letters, digits and hyphens, as in {HostArguments.Isolated}=mine."),
    };

    /// <summary>The folders of the first instance that does not run, with its lock: another start at the same moment takes the next.</summary>
    /// <exception cref="DistributedApplicationException">The state folder cannot be used.</exception>
    internal static (HostDirectories Directories, FileStream Lock) Take(string appHost, string state)
    {
        for (var number = 1; ; number++)
        {
            var directories = Of(appHost, state, number);
            if (HostInstance.TryLock(directories) is { } taken)
            {
                return (directories, taken);
            }
        }
    }

    /// <summary>Says which isolated instances of the same app host run, other than the given one; empty if none does.</summary>
    internal static string Others(HostDirectories directories)
    {
        var root = Root(directories);
        var folder = new DirectoryInfo(Path.Combine(root, Folder));
        string[] running = folder.Exists
            ? [.. folder.EnumerateDirectories().Select(d => d.Name).Where(n => n != directories.Isolation && IsRunning(Of(directories.AppHost, root, n))).Order(StringComparer.Ordinal)]
            : [];
        return running.Length == 0
            ? string.Empty
            : $"Isolated instances that run: {string.Join(", ", running)}. See one: {HostInvocation.Of(Of(directories.AppHost, root, running[0]), "ps")}";
    }

    private static bool IsRunning(HostDirectories directories)
    {
        try
        {
            return HostInstance.IsRunning(directories);
        }
        catch (DistributedApplicationException)
        {
            // Another user's, who can be asked.
            return false;
        }
    }

    private static HostDirectories Of(string appHost, string state, object instance)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{instance}");
        return new(appHost, Path.Combine(state, Folder, name), name);
    }
}
