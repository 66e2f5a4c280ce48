using System.Net;
using HighAvail.Drill;
using HighAvail.Drill.Systems;
using HighAvail.Tests.Hosting;
using Npgsql;

namespace HighAvail.Tests.Drill.Systems;

[Collection(nameof(WholeMachine))]
public class RunningSystemTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Start_OfTheBuiltAppHost_IsHealthyReadableAndGoneAfterwards()
    {
        var name = $"test-{Guid.NewGuid():N}"[..20];
        StateFolder state;
        await using (var system = await RunningSystem.StartAsync(name, Cancelled))
        {
            state = system.State;
            using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = GatewayTrust.ReadPolicy(state.AuthorityFile) } });
            using var health = await http.GetAsync(new Uri(system.Gateway, "/health"), Cancelled);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);

            await using var database = NpgsqlDataSource.Create(system.ReadOnlyConnectionString("ordersdb"));
            await using var count = database.CreateCommand("SELECT count(*) FROM orders");
            Assert.Equal(0L, await count.ExecuteScalarAsync(Cancelled));
            await using var write = database.CreateCommand("DELETE FROM orders");
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, (await Assert.ThrowsAsync<PostgresException>(() => write.ExecuteNonQueryAsync(Cancelled))).SqlState);

            await using (var attached = await RunningSystem.AttachAsync(state.Path, Cancelled))
            {
                Assert.Equal(system.Gateway, attached.Gateway);
            }

            // Whoever attached does not stop it.
            Assert.NotNull(state.ReadHost());
            var second = await Assert.ThrowsAsync<DrillException>(() => RunningSystem.StartAsync(name, Cancelled));
            Assert.Contains("running", second.Message, StringComparison.Ordinal);
        }

        Assert.Null(state.ReadHost());
        var none = await Assert.ThrowsAsync<DrillException>(() => RunningSystem.AttachAsync(state.Path, Cancelled));
        Assert.Contains(state.Path, none.Message, StringComparison.Ordinal);
        Directory.Delete(state.Path, recursive: true);
    }
}
