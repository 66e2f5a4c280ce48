using System.Globalization;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Data;

public sealed class CheckConnectionBudgetTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Of 100 connections three are reserved; with a listener each replica takes one more than its pool.
    [Theory]
    [InlineData(1, 96, null)]
    [InlineData(1, 97, 98)]
    [InlineData(6, 8, null)]
    [InlineData(8, 12, 104)]
    public async Task Start_ReplicasAndPools_MustFitIntoTheServer(int replicas, int poolSize, int? needed)
    {
        var server = await postgres.GetAsync(Cancellation);
        await using var host = Create(
            server.ConnectionString("postgres"),
            ("Postgres:Replicas", replicas.ToString(CultureInfo.InvariantCulture)),
            ("Postgres:MaxPoolSize", poolSize.ToString(CultureInfo.InvariantCulture)));
        var check = Check(host);

        if (needed is null)
        {
            await check.RunAsync(Cancellation);
            return;
        }

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => check.RunAsync(Cancellation));
        Assert.Equal(
            $"Postgres has 97 connections for services, and {replicas} replicas with up to {poolSize + 1} each may take {needed}. "
            + "Raise max_connections, or lower Postgres:MaxPoolSize, or Postgres:Replicas if there are fewer.",
            error.Message);
    }

    // What the connection string says wins over the options, and so it does here.
    [Fact]
    public async Task Start_PoolSizeInTheConnectionString_IsTheOneThatCounts()
    {
        var server = await postgres.GetAsync(Cancellation);
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { MaxPoolSize = 20 };
        await using var host = Create(settings.ConnectionString, ("Postgres:Replicas", "5"));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Check(host).RunAsync(Cancellation));

        Assert.Contains("5 replicas with up to 21 each may take 105", error.Message, StringComparison.Ordinal);
    }

    // A service is not ready before it has asked, and what it finds is no passing failure.
    [Fact]
    public async Task Start_DoesNotFit_EndsTheProcess()
    {
        var server = await postgres.GetAsync(Cancellation);

        await using var process = await ServiceProcess.StartAsync(
            "HighAvail.OrderService",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{LoopbackPort.Free()}"),
            ("ConnectionStrings__ordersdb", await server.CreateDatabaseAsync(Cancellation)),
            ("ConnectionStrings__cache", "127.0.0.1:1"),
            ("ServiceKey", "a-key-of-the-tests-only"),
            ("Postgres__Replicas", "11"));

        Assert.Equal(1, await process.Exited);
        Assert.Contains("11 replicas with up to 13 each may take 143", process.Output, StringComparison.Ordinal);
    }

    private static WebApplication Create(string connectionString, params (string Key, string Value)[] settings)
    {
        var builder = TestService.CreateBuilder([("ConnectionStrings:things", connectionString), .. settings]);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("things");
        builder.AddKeyedNpgsqlDataSource("things", configureDataSourceBuilder: static db => db.ConnectionStringBuilder.Pooling = false);
        builder.Services.AddOptions<ConnectionBudgetOptions>().BindConfiguration("Postgres");
        builder.AddStartupTask<CheckConnectionBudget>();
        return builder.Build();
    }

    private static CheckConnectionBudget Check(WebApplication host) => host.Services.GetServices<IStartupTask>().OfType<CheckConnectionBudget>().Single();
}
