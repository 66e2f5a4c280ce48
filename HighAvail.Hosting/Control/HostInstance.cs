using System.Text.Json;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Control;

/// <summary>
/// Makes sure that one host at a time uses a state folder. A lock says so, which the system releases when its holder dies in whatever way;
/// a process id would be someone else's before long.
/// </summary>
/// <param name="directories">Say which.</param>
/// <param name="time">The clock.</param>
/// <param name="held">The lock, when it was taken already.</param>
internal sealed class HostInstance(HostDirectories directories, TimeProvider time, FileStream? held = null) : IDisposable
{
    // A command that looks whether a host runs holds the lock for a moment, shared with others of its kind.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private FileStream? _lock = held;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="DistributedApplicationException">Another host has it, or the folder cannot be used.</exception>
    internal async Task AcquireAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((_lock ??= TryLock(directories)) is null)
        {
            if (time.GetElapsedTime(began) > _patience)
            {
                throw new DistributedApplicationException(DescribeOther());
            }

            await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says how to reach this host. The file is never readable by anyone else, and never half written.</summary>
    internal Task PublishAsync(HostFile file, CancellationToken cancellationToken) => OwnedFolder.WriteFileAsync(
        directories.HostFile, JsonSerializer.Serialize(file, ControlJson.Default.HostFile), owner: null, cancellationToken);

    /// <summary>Removes the file and releases the lock, if this host has it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _lock, null) is { } own)
        {
            File.Delete(directories.HostFile);
            own.Dispose();
        }
    }

    /// <summary>Whether a host runs, this one or another.</summary>
    internal static bool IsRunning(HostDirectories directories)
    {
        try
        {
            // Shared, so that several commands can look at once.
            using var probe = new FileStream(LockPath(directories), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return true;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Unusable(directories, exception);
        }
    }

    private static string LockPath(HostDirectories directories) => Path.Combine(directories.Run, "host.lock");

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>The lock, or <see langword="null"/> while somebody else has it.</summary>
    /// <exception cref="DistributedApplicationException">The folder cannot be used.</exception>
    internal static FileStream? TryLock(HostDirectories directories)
    {
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(directories.Run);
            taken = new(LockPath(directories), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

            // What a killed host left behind.
            File.Delete(directories.HostFile);
            return taken;
        }
        catch (IOException exception) when (taken is null && IsHeld(exception))
        {
            return null;
        }
        catch (IOException exception) when (DiskSpace.IsExhausted(exception))
        {
            throw new DistributedApplicationException(DiskSpace.Message(directories.State), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw Unusable(directories, exception);
        }
    }

    private static DistributedApplicationException Unusable(HostDirectories directories, Exception exception) => new(
        $"The state folder {directories.State} cannot be used: {exception.Message.TrimEnd('.')}. " +
        $"Make it writable, or name another one in the setting {HostSettings.StateDirectory}.",
        exception);

    private string DescribeOther()
    {
        var other = HostFile.Read(directories.HostFile) is { } file ? $" (process {file.ProcessId})" : ", and is just starting or stopping";
        return $"An instance of this app host is running already{other}. " +
            $"See it: {HostInvocation.Of(directories, "ps")}   Start another beside it: {HostInvocation.Beside(directories)}   Stop it: {HostInvocation.Of(directories, "stop")}";
    }
}
