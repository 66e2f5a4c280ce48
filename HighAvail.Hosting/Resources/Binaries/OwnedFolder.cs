using System.Runtime.InteropServices;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>Files and folders that belong to a server's user and are closed to everyone else.</summary>
internal static partial class OwnedFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Enterable = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadableFile = Enterable & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    private static readonly EnumerationOptions _everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        // What a link leads to is none of a folder's contents.
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static void Create(string path, SystemUser? owner)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        Give(path, owner);
    }

    /// <summary>Creates a folder, and those above it, that every user may enter, whatever the umask is.</summary>
    public static void CreateEnterable(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        CreateEnterable(Path.GetDirectoryName(path)!);
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Enterable);
        }
    }

    /// <summary>Lets every user read a folder and what is in it, and run what its owner can run, whatever the umask was.</summary>
    public static void MakeReadable(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, Enterable);
        foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", _everything))
        {
            var isEnterable = entry is DirectoryInfo || entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
            entry.UnixFileMode = isEnterable ? Enterable : ReadableFile;
        }
    }

    /// <summary>
    /// Gives a folder with everything in it to <paramref name="owner"/>, if it is somebody else's: root copied it, or the server had to
    /// run as another user before.
    /// </summary>
    public static async Task TakeOverAsync(string path, SystemUser? owner, CancellationToken cancellationToken)
    {
        if (owner is null || !OperatingSystem.IsLinux() || !Directory.Exists(path)
            || (await NativeTool.RunAsync(null, "stat", ["-c", "%u", path], null, cancellationToken)).Trim() == $"{owner.UserId}")
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(path, "*", _everything))
        {
            Give(entry, owner);
        }

        File.SetUnixFileMode(path, OwnerOnly);

        // Last, so that an interrupted take-over is seen as one.
        Give(path, owner);
    }

    /// <summary>Replaces a small file by atomic rename: readers see the old one or the new one, and never with a wider mode.</summary>
    /// <param name="path">The file.</param>
    /// <param name="contents">What it will hold.</param>
    /// <param name="owner">Whose it will be, or <see langword="null"/> for the host's own user.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="isForAll">Whether every user may read it, whatever the umask is.</param>
    public static async Task WriteFileAsync(string path, string contents, SystemUser? owner, CancellationToken cancellationToken, bool isForAll = false)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using (var writer = new StreamWriter(temporary, options))
            {
                await writer.WriteAsync(contents.AsMemory(), cancellationToken);
            }

            if (isForAll && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, ReadableFile);
            }

            Give(temporary, owner);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Copies a folder's contents into a new folder that belongs to <paramref name="owner"/>.</summary>
    public static void Copy(string source, string target, SystemUser? owner)
    {
        Create(target, owner);
        foreach (var directory in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
        {
            Create(target + directory[source.Length..], owner);
        }

        Parallel.ForEach(Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories), file =>
        {
            if (new FileInfo(file).LinkTarget is not null)
            {
                // Postgres puts none there, and root must not read for others what a link leads to.
                throw new IOException($"{file} is a link and is not copied. Delete {source}; it is made again.");
            }

            var copy = target + file[source.Length..];
            File.Copy(file, copy);
            Give(copy, owner);
        });
    }

    private static void Give(string path, SystemUser? owner)
    {
        if (owner is not null && ChangeOwner(path, owner.UserId, owner.GroupId) != 0)
        {
            throw new IOException($"{path} cannot be given to {owner.Name}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint userId, uint groupId);
}
