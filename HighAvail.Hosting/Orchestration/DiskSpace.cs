namespace HighAvail.Hosting.Orchestration;

/// <summary>Tells a full disk, which a person must and can do something about, from other errors.</summary>
internal static class DiskSpace
{
    /// <summary>What to say of a file that must be written before anything can be tried again.</summary>
    public static string Message(string path) => $"No space is left on the disk that holds {path}. Free some and start again.";

    /// <summary>Whether the system refused to write because there is no space, or no quota, left.</summary>
    public static bool IsExhausted(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.Any(IsExhausted),

        // ENOSPC; EDQUOT on Linux and on macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
        IOException => exception.HResult is 28 or 122 or 69 or unchecked((int)0x80070027) or unchecked((int)0x80070070),
        _ => false,
    };
}
