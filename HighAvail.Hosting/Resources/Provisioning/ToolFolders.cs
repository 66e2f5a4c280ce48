using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Programs that were fetched, each in a folder that is complete or not there, and that a server's user can read.</summary>
internal sealed class ToolFolders(HostDirectories directories, string shared)
{
    /// <summary>The folder of a tool, filled if it is not there.</summary>
    /// <param name="name">The tool, with its version.</param>
    /// <param name="user">Whom the server runs as, or <see langword="null"/> for the host's own user.</param>
    /// <param name="fillAsync">Puts the tool into a new folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> GetAsync(string name, SystemUser? user, Func<string, Task> fillAsync, CancellationToken cancellationToken)
    {
        var place = await DataPlacement.ResolveAsync(
            Path.Combine(directories.Tools, name), user, directories.AppHost, shared, cancellationToken).ConfigureAwait(false);
        if (Directory.Exists(place))
        {
            return place;
        }

        var temporary = place + ".new";
        Delete(temporary);
        try
        {
            OwnedFolder.CreateEnterable(temporary);
            await fillAsync(temporary).ConfigureAwait(false);
            OwnedFolder.MakeReadable(temporary);
            Directory.Move(temporary, place);
            return place;
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
