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
        return builder.AddResource(new ExecutableResource(name, command, Folder(builder, workingDirectory))).WithArgumentList(args ?? []);
    }

    /// <summary>Runs another program instead.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="command">A path, or a name that is looked up in PATH.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithCommand<T>(this IResourceBuilder<T> builder, string command)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(command);
        builder.Resource.Program.Command = command;
        return builder;
    }

    /// <summary>Runs the program in another folder.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The program.</param>
    /// <param name="workingDirectory">The folder, relative to the app host's.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithWorkingDirectory<T>(this IResourceBuilder<T> builder, string workingDirectory)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        builder.Resource.Program.WorkingDirectory = Folder(builder.ApplicationBuilder, workingDirectory);
        return builder;
    }

    private static string Folder(IDistributedApplicationBuilder builder, string workingDirectory) =>
        Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
}
