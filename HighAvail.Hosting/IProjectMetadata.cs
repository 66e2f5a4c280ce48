using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>
/// A project that the app host refers to. The build writes a class of this kind for each project reference, in the namespace <c>Projects</c>.
/// </summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The absolute path of the project's file.</summary>
    string ProjectPath { get; }

    /// <summary>
    /// The absolute path of what the project was built to, when the build that wrote this class knows it; otherwise the usual place under
    /// <c>bin</c> is looked at.
    /// </summary>
    string? TargetPath => null;

    /// <summary>The launch settings, if they do not come from the project's <c>Properties/launchSettings.json</c>.</summary>
    LaunchSettings? LaunchSettings => null;
}
