using System.Text.Json;
using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Postgres;

public class NpgsqlDataSourceTests(SharedPostgres postgres)
{
    [Fact]
    public async Task DataSource_RealPostgres_ReadsArraysAndJson()
    {
        var server = await postgres.GetAsync(TestContext.Current.CancellationToken);
        await using var service = await StartAsync(server.ConnectionString("postgres"));
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "Healthy", "Postgres is healthy");

        var dataSource = service.Services.GetRequiredService<NpgsqlDataSource>();
        await using var command = dataSource.CreateCommand("SELECT ARRAY[1,2,3], $1::jsonb, current_setting('application_name'), $2::uuid[]");
        command.Parameters.Add(new NpgsqlParameter { Value = """{"a":1}""", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(new[] { Guid.Empty });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3], reader.GetFieldValue<int[]>(0));
        Assert.Equal(1, JsonElement.Parse(reader.GetString(1)).GetProperty("a").GetInt32());
        Assert.Equal("test-service", reader.GetString(2));
    }

    [Fact]
    public async Task Health_PostgresStopsAndComesBack_IsDegradedAndRecovers()
    {
        await using var server = await PostgresServer.StartNewAsync(TestContext.Current.CancellationToken);
        await using var service = await StartAsync(server.ConnectionString("postgres"));
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "Healthy", "Postgres is healthy");

        await server.StopAsync();
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "Degraded", "Postgres is missed");

        await server.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await HealthAsync(service) == "Healthy", "Postgres is healthy again");
    }

    [Fact]
    public async Task DataSource_ReadTakesTooLong_FailsAsUnavailable()
    {
        var server = await postgres.GetAsync(TestContext.Current.CancellationToken);
        await using var service = await StartAsync(server.ConnectionString("postgres"));
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT pg_sleep(60)");

        var exception = await Assert.ThrowsAsync<NpgsqlException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        Assert.True(DatabaseErrors.IsUnavailable(exception));
    }

    [Theory]
    [InlineData("ConnectionStrings:usersdb", "from-connection-strings")]
    [InlineData("Aspire:Npgsql:usersdb:ConnectionString", "from-named-section")]
    [InlineData("Aspire:Npgsql:ConnectionString", "from-section")]
    public void DataSource_ConnectionStringInSeveralPlaces_TakesTheMostSpecific(string key, string expected)
    {
        (string, string?)[] all =
        [
            ("Aspire:Npgsql:ConnectionString", "Host=from-section"),
            ("Aspire:Npgsql:usersdb:ConnectionString", "Host=from-named-section"),
            ("ConnectionStrings:usersdb", "Host=from-connection-strings"),
        ];
        var builder = TestService.CreateBuilder([.. all.TakeWhile(s => s.Item1 != key), .. all.Where(s => s.Item1 == key)]);
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource("usersdb");
        using var app = (IDisposable)builder.Build();

        var dataSource = ((IHost)app).Services.GetRequiredService<NpgsqlDataSource>();

        Assert.Equal(expected, new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).Host);
    }

    [Fact]
    public void DataSource_NoConnectionString_NamesTheKeyWhenResolved()
    {
        var builder = TestService.CreateBuilder();
        builder.AddServiceDefaults();
        builder.AddKeyedNpgsqlDataSource("usersdb");
        using var app = (IDisposable)builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() => ((IHost)app).Services.GetRequiredKeyedService<NpgsqlDataSource>("usersdb"));

        Assert.Contains("ConnectionStrings:usersdb", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataSource_KeyedTwice_ConnectsToEachDatabase()
    {
        var builder = TestService.CreateBuilder(("ConnectionStrings:one", "Host=one"), ("ConnectionStrings:two", "Host=two"));
        builder.AddServiceDefaults();
        builder.AddKeyedNpgsqlDataSource("one", settings => settings.DisableHealthChecks = true);
        builder.AddKeyedNpgsqlDataSource("two", settings => settings.DisableHealthChecks = true);
        await using var app = builder.Build();

        Assert.Contains("Host=one", app.Services.GetRequiredKeyedService<NpgsqlDataSource>("one").ConnectionString, StringComparison.Ordinal);
        Assert.Contains("Host=two", app.Services.GetRequiredKeyedService<NpgsqlDataSource>("two").ConnectionString, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(string connectionString)
    {
        var builder = TestService.CreateBuilder(("ConnectionStrings:usersdb", connectionString));
        builder.AddNpgsqlDataSource("usersdb");
        return TestService.StartAsync(builder);
    }

    private static async Task<string?> HealthAsync(TestService service)
    {
        using var response = await service.Client.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return body.GetProperty("checks").GetProperty("postgres").GetProperty("status").GetString();
    }
}
