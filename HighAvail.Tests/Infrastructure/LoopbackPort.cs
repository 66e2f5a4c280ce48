using HighAvail.Hosting.Networking;

namespace HighAvail.Tests.Infrastructure;

internal static class LoopbackPort
{
    /// <summary>
    /// A port on which nobody listens, given to no other test. Not one that the system chooses for port 0: from that range any outgoing connection
    /// may take it before the server of the test listens.
    /// </summary>
    public static int Free() => PortAllocator.Next();
}
