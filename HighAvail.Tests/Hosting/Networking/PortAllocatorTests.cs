using System.Net;
using System.Net.Sockets;
using HighAvail.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Networking;

public class PortAllocatorTests
{
    [Fact]
    public async Task Next_ManyCallersAtOnce_HandsOutEveryPortOnceWithinTheRange()
    {
        var ports = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(PortAllocator.Next, TestContext.Current.CancellationToken)));

        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, PortAllocator.First, PortAllocator.End - 1));
    }

    [Fact]
    public void Next_Always_ListensOnTheFirstPortOfItsStretchSoThatNoOtherProcessTakesIt()
    {
        var port = PortAllocator.Next();

        var guard = port - ((port - PortAllocator.First) % PortAllocator.StretchLength);
        Assert.NotEqual(guard, port);
        Assert.False(PortAllocator.IsFree(guard), $"Nobody listens on {guard}, the first of the stretch of {port}.");
    }

    [Fact]
    public void Next_Always_IsBelowTheEphemeralRangeOfThisMachine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The range is read from /proc.");

        var lowest = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t')[0], null);

        Assert.True(PortAllocator.End <= lowest, $"{PortAllocator.End} lies in the ephemeral range from {lowest}.");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void IsFree_ListenerOnAnAddressOfLocalhost_IsFalseUntilItIsClosed(string address)
    {
        var port = PortAllocator.Next();
        var listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        Assert.False(PortAllocator.IsFree(port));

        listener.Stop();

        Assert.True(PortAllocator.IsFree(port));
    }

    [Fact]
    public void IsFree_ConnectionsOfAnEarlierListenerInTimeWait_IsTrue()
    {
        var port = PortAllocator.Next();
        using (var listener = new TcpListener(IPAddress.Loopback, port))
        {
            listener.Start();
            using var client = new TcpClient("127.0.0.1", port);
            // The side that closes first keeps the port in TIME_WAIT.
            listener.AcceptSocket().Close();
        }

        Assert.True(PortAllocator.IsFree(port));
    }
}
