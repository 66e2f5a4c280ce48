namespace HighAvail.Hosting.Orchestration;

internal enum RestartPolicy
{
    /// <summary>Services and servers: every exit that nobody asked for is a crash.</summary>
    Always,

    /// <summary>Programs that run to completion.</summary>
    Never,
}
