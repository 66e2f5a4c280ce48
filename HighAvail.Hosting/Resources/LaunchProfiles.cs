using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Resources;

/// <summary>A project's launch profile together with its name.</summary>
internal sealed record NamedLaunchProfile(string Name, LaunchProfile Profile) : IResourceAnnotation
{
    /// <summary>
    /// The profile a project runs with: the one asked for; else the one with the name of the app host's own, so that http and https go
    /// through the whole system; else the first that starts the project.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The profile asked for is not there, or the file is not readable.</exception>
    internal static NamedLaunchProfile? Choose(string name, IProjectMetadata project, string? wanted, string? hostProfile)
    {
        var profiles = (project.LaunchSettings ?? LaunchSettingsFile.Read(name, project.ProjectPath)).Profiles;
        if (wanted is not null)
        {
            return profiles.TryGetValue(wanted, out var found)
                ? new(wanted, found)
                : throw new DistributedApplicationException($"Launch settings file does not contain '{wanted}' profile.");
        }

        return profiles.Where(p => p.Value.CommandName is "Project" or "Executable")
            .OrderByDescending(p => p.Key == hostProfile)
            .Select(p => new NamedLaunchProfile(p.Key, p.Value))
            .FirstOrDefault();
    }
}

internal static class LaunchSettingsFile
{
    internal static LaunchSettings Read(string name, string projectPath)
    {
        if (!File.Exists(projectPath))
        {
            throw new DistributedApplicationException($"Project file '{projectPath}' was not found.");
        }

        return ReadFolder(name, Path.GetDirectoryName(projectPath)!);
    }

    /// <summary>The launch settings of the project in a folder, or none.</summary>
    internal static LaunchSettings ReadFolder(string name, string folder)
    {
        var path = Path.Combine(folder, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return new();
        }

        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, LaunchSettingsJson.Default.LaunchSettings) ?? new();
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException(
                $"Failed to get effective launch profile for project resource '{name}'. There is malformed JSON in the project's launch settings file at '{path}'.", exception);
        }
    }
}

[JsonSourceGenerationOptions(ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(LaunchSettings))]
internal sealed partial class LaunchSettingsJson : JsonSerializerContext;
