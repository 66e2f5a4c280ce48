using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Chooses the launcher for this system.</summary>
internal static partial class ProcessLauncher
{
    /// <summary>The best there is here; what it cannot guarantee is logged.</summary>
    public static IProcessLauncher Create(TimeProvider time, ILogger logger)
    {
        if (LinuxProcessLauncher.IsSupported)
        {
            return new LinuxProcessLauncher(time);
        }

        LogPlain(logger);
        return new PlainProcessLauncher(time);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This system lacks setsid and setpriv (util-linux). Processes are started without them: "
            + "if this host is killed, they go on running; children that a process leaves behind go on too; RunAs is ignored; "
            + "and on Windows stopping means killing")]
    private static partial void LogPlain(ILogger logger);
}
