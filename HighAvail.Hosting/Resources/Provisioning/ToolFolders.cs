using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Programs that were fetched, each in a folder that is complete or not there, and that a server's user can read.</summary>
/// <param name="directories">Where they are wanted.</param>
/// <param name="cache">Where they are instead when the server's user cannot get there.</param>
internal sealed class ToolFolders(HostDirectories directories, string cache)
{
    /// <summary>The folder of a tool, filled if it is not there.</summary>
    /// <param name="name">The tool, with its version.</param>
    /// <param name="user">Whom the server runs as, or <see langword="null"/> for the host's own user.</param>
    /// <param name="fillAsync">Puts the tool into a new folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> GetAsync(string name, SystemUser? user, Func<string, Task> fillAsync, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directories.State);
        var isReachable = user is null || await DataPlacement.CanEnterAsync(user, directories.State, cancellationToken).ConfigureAwait(false);
        var place = Path.Combine(isReachable ? directories.Tools : Path.Combine(cache, "tools"), name);
        OwnedFolder.CreateEnterable(Path.GetDirectoryName(place)!);
        await CompleteFolder.EnsureAsync(place, async temporary =>
        {
            OwnedFolder.CreateEnterable(temporary);
            await fillAsync(temporary).ConfigureAwait(false);
            OwnedFolder.MakeReadable(temporary);
        }).ConfigureAwait(false);
        return place;
    }
}
