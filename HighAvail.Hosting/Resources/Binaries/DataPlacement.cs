using System.Security.Cryptography;
using System.Text;
using HighAvail.Hosting.Control;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>
/// Decides where a server's data lie: where they are wanted, or, when the server's user cannot get there (a home of root), in a shared
/// folder, with a symbolic link left in the wanted place. The link makes the choice once and for all: whoever deletes the app host's
/// state deletes the link and starts over, and changed permissions never make data seem lost.
/// </summary>
internal static class DataPlacement
{
    // Beside data in the shared folder: which link leads to them.
    private const string NoteSuffix = ".link";

    /// <param name="wanted">The wanted data folder, which need not exist; its parent is created.</param>
    /// <param name="user">Whom the server runs as, or <see langword="null"/> for the host's own user.</param>
    /// <param name="appHostDirectory">Tells the systems of one machine apart in the shared folder.</param>
    /// <param name="shared">The shared folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There are data that the server's user cannot get at, or that belong to another app host.</exception>
    public static async Task<string> ResolveAsync(
        string wanted, SystemUser? user, string appHostDirectory, string shared, CancellationToken cancellationToken)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(wanted)!).FullName;
        if (new DirectoryInfo(wanted).LinkTarget is { } linked)
        {
            try
            {
                OwnedFolder.CreateEnterable(Path.GetDirectoryName(linked)!);
                await ClaimAsync(linked, wanted, cancellationToken);
                await OwnedFolder.TakeOverAsync(linked, user, cancellationToken);
                CheckReadable(linked);
                return linked;
            }
            catch (UnauthorizedAccessException exception)
            {
                throw OutOfReach(wanted, linked, exception);
            }
        }

        if (user is null || await CanEnterAsync(user, parent, cancellationToken))
        {
            await OwnedFolder.TakeOverAsync(wanted, user, cancellationToken);
            return wanted;
        }

        if (Directory.Exists(wanted))
        {
            throw new InvalidOperationException($"{user.Name} cannot reach its data in {wanted}: it needs permission to enter every folder above.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(appHostDirectory))))[..12];
        var place = Path.Combine(shared, hash, $"{Path.GetFileName(wanted)}-{Guid.NewGuid().ToString("N")[..8]}");
        OwnedFolder.CreateEnterable(Path.GetDirectoryName(place)!);
        await ClaimAsync(place, wanted, cancellationToken);
        Directory.CreateSymbolicLink(wanted, place);
        return place;
    }

    /// <summary>Whether a user can enter a folder. The system's own answer, which knows about access lists and mounts.</summary>
    public static async Task<bool> CanEnterAsync(SystemUser user, string directory, CancellationToken cancellationToken)
    {
        try
        {
            await NativeTool.RunAsync(user, "test", ["-x", directory], null, cancellationToken);
            return true;
        }
        catch (NativeToolException)
        {
            return false;
        }
    }

    /// <summary>Where the data of a data folder's servers really lie.</summary>
    public static IReadOnlyList<string> Places(string dataFolder) => !Directory.Exists(dataFolder)
        ? []
        : [.. new DirectoryInfo(dataFolder).EnumerateDirectories().Select(d => d.LinkTarget ?? d.FullName).Order(StringComparer.Ordinal)];

    /// <summary>Deletes the data of a data folder's servers, wherever they lie; data that another link leads to, and what no server was started with,
    /// are left alone.</summary>
    /// <exception cref="InvalidOperationException">A link leads to data of another user.</exception>
    public static void Delete(string dataFolder)
    {
        foreach (var link in new DirectoryInfo(dataFolder).EnumerateDirectories().Where(d => d.LinkTarget is not null))
        {
            try
            {
                DeletePlace(link, link.LinkTarget!);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw OutOfReach(link.FullName, link.LinkTarget!, exception);
            }
        }

        // What links lead to is not followed.
        Directory.Delete(dataFolder, recursive: true);
    }

    private static void DeletePlace(DirectoryInfo link, string place)
    {
        // Without a note no server was ever started there: a person may have made the link, and what it leads to can be anything.
        if (OwnerOf(place) is not { } owner || (owner != link.FullName && LeadsTo(owner, place)))
        {
            return;
        }

        foreach (var file in Directory.Exists(Path.GetDirectoryName(place)) ? Directory.GetFiles(Path.GetDirectoryName(place)!, $"{Path.GetFileName(place)}.*") : [])
        {
            File.Delete(file);
        }

        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
    }

    // A folder that was copied has a link to the data of the one it was copied from; a folder that was moved has taken its data along.
    private static async Task ClaimAsync(string place, string wanted, CancellationToken cancellationToken)
    {
        var owner = OwnerOf(place);
        if (owner == wanted)
        {
            return;
        }

        if (owner is not null && LeadsTo(owner, place))
        {
            throw new InvalidOperationException(
                $"{wanted} leads to data in {place}, which belong to {owner}: one was copied from the other. Remove the link to begin here with empty data: rm {ShellArgument.Quote(wanted)}");
        }

        await OwnedFolder.WriteFileAsync(place + NoteSuffix, wanted, owner: null, cancellationToken, isForAll: true);
    }

    private static void CheckReadable(string place)
    {
        if (Directory.Exists(place))
        {
            using var entries = Directory.EnumerateFileSystemEntries(place).GetEnumerator();
            entries.MoveNext();
        }
    }

    // A start as root made them, for a user of its choice; giving away the link's folder does not give away what it leads to.
    private static InvalidOperationException OutOfReach(string link, string place, UnauthorizedAccessException exception) => new(
        $"{link} leads to data in {place}, which only root can give access to. Do this as root, or remove the link to begin here with empty data: rm {ShellArgument.Quote(link)}",
        exception);

    private static string? OwnerOf(string place) => File.Exists(place + NoteSuffix) ? File.ReadAllText(place + NoteSuffix) : null;

    private static bool LeadsTo(string link, string place) => new DirectoryInfo(link).LinkTarget == place;
}
