using System.Globalization;

namespace HighAvail.Hosting.Control;

/// <summary>The state folders of instances that run beside the usual one of the same app host, with ports of their own.</summary>
internal static class IsolatedState
{
    private const int LongestName = 32;

    /// <summary>The state folder that an instance's own lies in, or is.</summary>
    internal static string Root(HostDirectories directories) =>
        directories.Isolation is null ? directories.State : Path.GetFullPath(Path.Combine(directories.State, "..", ".."));

    /// <summary>The folders of the usual instance, or those of an isolated one.</summary>
    /// <param name="appHost">The app host's folder.</param>
    /// <param name="state">The usual state folder.</param>
    /// <param name="arguments">Say which instance.</param>
    /// <exception cref="DistributedApplicationException">That is no name for one.</exception>
    internal static HostDirectories Choose(string appHost, string state, HostArguments arguments)
    {
        if (arguments.Isolation is not { } name)
        {
            return new(appHost, state);
        }

        if (name.Length == 0)
        {
            // Commands are for the first one; a start takes the first that does not run.
            var number = 1;
            while (arguments.Verb.Length == 0 && HostInstance.IsRunning(Of(number)))
            {
                number++;
            }

            return Of(number);
        }

        return name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? Of(name)
            : throw new DistributedApplicationException(
                $"'{name}' cannot be the name of an isolated instance: it takes up to {LongestName} letters, digits and hyphens, as in {HostArguments.Isolated}=mine.");

        HostDirectories Of(object one)
        {
            var instance = string.Create(CultureInfo.InvariantCulture, $"{one}");
            return new(appHost, Path.Combine(state, "isolated", instance), instance);
        }
    }
}
