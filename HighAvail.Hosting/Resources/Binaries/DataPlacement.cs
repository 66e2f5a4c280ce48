using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>
/// Decides where a server's data lie: where they are wanted, or, when the server's user cannot get there (a home of root), in a shared
/// folder, with a symbolic link left in the wanted place. The link makes the choice once and for all: whoever deletes the app host's
/// state deletes the link and starts over, and changed permissions never make data seem lost.
/// </summary>
internal static class DataPlacement
{
    /// <param name="wanted">The wanted data folder, which need not exist; its parent is created.</param>
    /// <param name="user">Whom the server runs as, or <see langword="null"/> for the host's own user.</param>
    /// <param name="appHostDirectory">Tells the systems of one machine apart in the shared folder.</param>
    /// <param name="shared">The shared folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There are data that the server's user cannot get at.</exception>
    public static async Task<string> ResolveAsync(
        string wanted, SystemUser? user, string appHostDirectory, string shared, CancellationToken cancellationToken)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(wanted)!).FullName;
        if (new DirectoryInfo(wanted).LinkTarget is { } linked)
        {
            OwnedFolder.CreateEnterable(Path.GetDirectoryName(linked)!);
            return linked;
        }

        if (user is null || await CanEnterAsync(user, parent, cancellationToken))
        {
            return wanted;
        }

        if (Directory.Exists(wanted))
        {
            throw new InvalidOperationException($"{user.Name} cannot reach its data in {wanted}: it needs permission to enter every folder above.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(appHostDirectory))))[..12];
        var place = Path.Combine(shared, hash, $"{Path.GetFileName(wanted)}-{Guid.NewGuid().ToString("N")[..8]}");
        OwnedFolder.CreateEnterable(Path.GetDirectoryName(place)!);
        Directory.CreateSymbolicLink(wanted, place);
        return place;
    }

    // The system's own answer, which knows about access lists and mounts.
    private static async Task<bool> CanEnterAsync(SystemUser user, string directory, CancellationToken cancellationToken)
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
}
