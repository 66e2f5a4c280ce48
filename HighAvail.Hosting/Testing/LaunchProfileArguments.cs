using System.Reflection;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Testing;

/// <summary>What <c>dotnet run</c> takes from the app host's launch profile, for a test that does without <c>dotnet run</c>.</summary>
internal static class LaunchProfileArguments
{
    /// <summary>Adds the variables of the profile to the command line, which counts more than the test's own environment.</summary>
    /// <exception cref="InvalidOperationException">The profile that was asked for does not exist.</exception>
    internal static void AddTo(DistributedApplicationOptions options, HostApplicationBuilderSettings settings, Assembly appHost)
    {
        var directory = appHost.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => string.Equals(a.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))?.Value;
        if (directory is null)
        {
            return;
        }

        var given = new ConfigurationManager();
        if (settings.Configuration is not null)
        {
            given.AddConfiguration(settings.Configuration);
        }

        given.AddCommandLine([.. options.Args ?? [], .. settings.Args ?? []]);
        var profiles = LaunchSettingsFile.ReadFolder(appHost.GetName().Name!, directory).Profiles;
        var name = given["DOTNET_LAUNCH_PROFILE"] ?? profiles.Keys.FirstOrDefault();
        if (name is null)
        {
            return;
        }

        var profile = profiles.GetValueOrDefault(name)
            ?? throw new InvalidOperationException($"The configured launch profile, '{name}', was not found in the launch settings file.");
        settings.Args =
        [
            .. settings.Args ?? [],
            .. profile.EnvironmentVariables.SelectMany(v => Keys(v.Key).Select(key => (Key: key, v.Value)))
                .Append((Key: "DOTNET_LAUNCH_PROFILE", Value: name))
                .Where(v => given[v.Key] is null)
                .Select(v => $"--{v.Key}={v.Value}"),
        ];
    }

    // The host reads variables with these prefixes by their bare names, too: DOTNET_ENVIRONMENT is the environment.
    private static IEnumerable<string> Keys(string variable)
    {
        yield return variable;
        foreach (var prefix in (string[])["DOTNET_", "ASPNETCORE_"])
        {
            if (variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                yield return variable[prefix.Length..];
            }
        }
    }
}
