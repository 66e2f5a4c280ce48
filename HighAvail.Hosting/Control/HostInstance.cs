using System.Text.Json;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Control;

/// <summary>
/// Makes sure that one host at a time uses a state folder. A lock says so, which the system releases when its holder dies in whatever way;
/// a process id would be someone else's before long.
/// </summary>
internal sealed class HostInstance(HostDirectories directories, TimeProvider time) : IDisposable
{
    // A command that looks whether a host runs holds the lock for a moment, shared with others of its kind.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private FileStream? _lock;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="DistributedApplicationException">Another host has it, or the folder cannot be used.</exception>
    internal async Task AcquireAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (!TryAcquire())
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
        if (Interlocked.Exchange(ref _lock, null) is { } held)
        {
            File.Delete(directories.HostFile);
            held.Dispose();
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

    private bool TryAcquire()
    {
        try
        {
            Directory.CreateDirectory(directories.Run);
            _lock = new(LockPath(directories), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

            // What a killed host left behind.
            File.Delete(directories.HostFile);
            return true;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
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
            $"See it: {HostInvocation.Of(directories, "ps")}   Start another beside it: {HostInvocation.Of(directories with { Isolation = null }, HostArguments.Isolated)}   Stop it: {HostInvocation.Of(directories, "stop")}";
    }
}
