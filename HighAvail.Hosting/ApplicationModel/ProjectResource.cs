namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as one or more processes.</summary>
/// <param name="name">The resource's name.</param>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IResourceWithProbes
{
}

/// <summary>A program that runs as a process.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes
{
    /// <summary>Describes the program.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A path, or a name that is looked up in PATH.</param>
    /// <param name="workingDirectory">The folder it runs in.</param>
    public ExecutableResource(string name, string command, string workingDirectory)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(command);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        Annotations.Add(new ExecutableAnnotation { Command = command, WorkingDirectory = workingDirectory });
    }

    /// <summary>A path, or a name that is looked up in PATH.</summary>
    public string Command => Program.Command;

    /// <summary>The folder it runs in.</summary>
    public string WorkingDirectory => Program.WorkingDirectory;

    internal ExecutableAnnotation Program => Annotations.OfType<ExecutableAnnotation>().Last();
}
