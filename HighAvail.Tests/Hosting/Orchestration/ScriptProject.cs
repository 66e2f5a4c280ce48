using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>A project whose build is a shell script: everything that the host does with projects, without a second of start-up.</summary>
internal static class ScriptProject
{
    /// <summary>Runs until it is told to stop, and says which build it is.</summary>
    public static string Server(string build) => $"echo {build}; exec sleep 600";

    /// <summary>Drains, when it is told to stop, until a file exists.</summary>
    public static string DrainsUntil(string file) =>
        $"trap 'while [ ! -e {file} ]; do sleep 0.02; done; exit 0' TERM; while :; do sleep 0.02; done";

    /// <summary>Adds the project, built to a script.</summary>
    public static IResourceBuilder<ProjectResource> AddScript(this IDistributedApplicationBuilder builder, string name, string script)
    {
        Build(builder.AppHostDirectory, name, script);
        return builder.AddProject(name, Path.Combine(name, $"{name}.csproj")).WithHttpEndpoint();
    }

    /// <summary>Builds it anew.</summary>
    public static void Build(string appHost, string name, string script)
    {
        var output = Directory.CreateDirectory(Path.Combine(appHost, name, "bin")).FullName;
        File.WriteAllText(Path.Combine(appHost, name, $"{name}.csproj"), string.Empty);
        File.WriteAllText(Path.Combine(output, $"{name}.dll"), string.Empty);
        File.WriteAllText(Path.Combine(output, $"{name}.runtimeconfig.json"), "{}");
        var program = Path.Combine(output, name);
        File.WriteAllText(program, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
