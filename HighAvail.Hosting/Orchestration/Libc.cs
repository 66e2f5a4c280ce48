using System.Runtime.InteropServices;

namespace HighAvail.Hosting.Orchestration;

/// <summary>The calls to the C library that .NET has no equal for.</summary>
internal static partial class Libc
{
    public const short PollIn = 1;

    /// <summary>Sends a signal to a process, or to a process group when the id is negative. One that is gone is not an error.</summary>
    public static void Signal(int processId, StopSignal signal) => _ = Kill(processId, signal switch
    {
        StopSignal.Interrupt => 2,
        StopSignal.Quit => 3,
        StopSignal.Kill => 9,
        _ => 15,
    });

    /// <summary>Freezes a process, or a process group when the id is negative (Linux's number of SIGSTOP). One that is gone is not an error.</summary>
    public static void Suspend(int processId) => _ = Kill(processId, 19);

    /// <summary>Lets a process or group go on (Linux's number of SIGCONT).</summary>
    public static void Continue(int processId) => _ = Kill(processId, 18);

    /// <summary>Whether the host's user may execute the file (for root: whether anybody may).</summary>
    public static bool IsExecutable(string path)
    {
        const int executable = 1;
        return Access(path, executable) == 0;
    }

    /// <summary>The user and group id of a user. Only from one thread at a time.</summary>
    public static (int User, int Group)? FindUser(string name)
    {
        // struct passwd begins with char* pw_name, char* pw_passwd, uid_t pw_uid, gid_t pw_gid, with every Linux C library.
        var entry = GetPwNam(name);
        return entry == 0
            ? null
            : (Marshal.ReadInt32(entry, 2 * nint.Size), Marshal.ReadInt32(entry, (2 * nint.Size) + sizeof(int)));
    }

    /// <summary>Waits until a descriptor has data or is closed at the other end. Descriptors below 0 are ignored.</summary>
    public static void Poll(Span<PollDescriptor> descriptors, int timeoutMilliseconds)
    {
        if (Poll(descriptors, (nuint)descriptors.Length, timeoutMilliseconds) < 0)
        {
            // Interrupted by a signal: the same as nothing to report.
            foreach (ref var descriptor in descriptors)
            {
                descriptor.Returned = 0;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetPwNam(string name);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Span<PollDescriptor> descriptors, nuint count, int timeoutMilliseconds);

    /// <summary>struct pollfd.</summary>
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Returned;
    }
}
