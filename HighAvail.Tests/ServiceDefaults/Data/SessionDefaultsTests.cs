using System.Net;
using System.Net.Sockets;
using HighAvail.ServiceDefaults.Data;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class SessionDefaultsTests
{
    // A second connection for each that fails would double what a server that comes back is met with.
    [Fact]
    public async Task Connect_ServerRefusesTheFirst_IsNotTriedAgainWithoutEncryption()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var settings = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = ((IPEndPoint)server.LocalEndpoint).Port, Username = "u", Password = "p" };
        settings.UseSessionDefaults();
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var opening = connection.OpenAsync(TestContext.Current.CancellationToken);
        using (await server.AcceptSocketAsync(TestContext.Current.CancellationToken))
        {
        }

        await Assert.ThrowsAsync<NpgsqlException>(() => opening);

        Assert.False(server.Pending());
    }
}
