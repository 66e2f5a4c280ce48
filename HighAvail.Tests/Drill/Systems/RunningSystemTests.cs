using System.Net;
using HighAvail.Drill;
using HighAvail.Drill.Systems;
using HighAvail.Tests.Hosting;
using HighAvail.Tests.Hosting.Control;
using Npgsql;
using AppHostProcess = HighAvail.Drill.Systems.AppHostProcess;

namespace HighAvail.Tests.Drill.Systems;

[Collection(nameof(WholeMachine))]
public class RunningSystemTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Start_OfTheBuiltAppHost_IsHealthyReadableAndGoneAfterwards()
    {
        var name = $"test-{Guid.NewGuid():N}"[..20];
        try
        {
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
        }
        finally
        {
            // As a person would: whatever it stored goes, in one folder or several.
            await AppHostProcess.RunAsync(["reset-data", "--yes", $"--isolated={name}"], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Attach_SomethingIsNotHealthy_SaysWhatAfterALimit()
    {
        await using var host = await RunningHost.StartAsync(b =>
        {
            b.AddServer("well");
            b.AddServer("ill");
        });
        await host.UntilAsync("ill", r => r.Health == "Healthy");
        await host.UntilAsync("well", r => r.Health == "Healthy");
        using (var stop = await host.Http.PostAsync("api/resources/ill/commands/stop", null, Cancelled))
        {
            stop.EnsureSuccessStatusCode();
        }

        var problem = await Assert.ThrowsAsync<DrillException>(() => RunningSystem.AttachAsync(host.Directories.State, TimeSpan.FromSeconds(5), Cancelled));

        Assert.Contains("ill is Exited", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("well", problem.Message, StringComparison.Ordinal);
    }
}
