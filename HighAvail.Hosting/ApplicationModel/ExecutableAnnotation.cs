using System.Diagnostics;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>What a program resource runs, and where.</summary>
[DebuggerDisplay("{Command} in {WorkingDirectory}")]
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    /// <summary>A path, or a name that is looked up in PATH.</summary>
    public required string Command { get; set; }

    /// <summary>The folder it runs in.</summary>
    public required string WorkingDirectory { get; set; }
}
