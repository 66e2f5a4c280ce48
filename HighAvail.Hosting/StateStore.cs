using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting;

/// <summary>Files of the app host's own lie in its state folder, as everything does that must not outlive it.</summary>
internal sealed class StateStore(HostDirectories directories) : IAspireStore
{
    public string BasePath => directories.State;
}
