using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Adds programs that run as processes.</summary>
public static class ExecutableBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A path relative to the app host's folder, or a name that is looked up in PATH.</param>
    /// <param name="workingDirectory">The folder it runs in, relative to the app host's.</param>
    /// <param name="args">Its arguments.</param>
    /// <returns>The program.</returns>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <summary>Adds a program whose arguments may be expressions.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A path relative to the app host's folder, or a name that is looked up in PATH.</param>
    /// <param name="workingDirectory">The folder it runs in, relative to the app host's.</param>
    /// <param name="args">Its arguments: text, endpoints, parameters, expressions.</param>
    /// <returns>The program.</returns>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[]? args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
        return builder.AddResource(new ExecutableResource(name, command, folder)).WithArgs(args ?? []);
    }
}
