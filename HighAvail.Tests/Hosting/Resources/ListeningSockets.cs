namespace HighAvail.Tests.Hosting.Resources;

/// <summary>The system's own list of listening sockets.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";
    private const string IPv4Loopback = "0100007F";
    private const string IPv6Loopback = "00000000000000000000000001000000";

    /// <summary>The addresses on which the port is open, other than loopback; and whether it is open on loopback.</summary>
    public static (bool OnLoopback, string[] Elsewhere) Of(int port)
    {
        var addresses = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
            .Select(fields => fields[1].Split(':')[0])
            .ToArray();
        return (addresses.Contains(IPv4Loopback), [.. addresses.Except([IPv4Loopback, IPv6Loopback])]);
    }
}
