using System.Net.Http.Json;
using System.Net.Security;
using System.Text.Json.Nodes;
using HighAvail.Drill.Systems;
using Npgsql;

namespace HighAvail.Drill.Bench;

/// <summary>A whole system with a customer and an administrator who are signed in.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private const string TelemetryEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TelemetryProtocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Password = "correct horse battery";

    private readonly RunningSystem _system;
    private readonly NpgsqlDataSource _orders;
    private readonly NpgsqlDataSource _users;

    private BenchSystem(RunningSystem system)
    {
        _system = system;
        _orders = NpgsqlDataSource.Create(ConnectionString("ordersdb"));
        _users = NpgsqlDataSource.Create(ConnectionString("usersdb"));
    }

    public Uri Gateway => _system.Gateway;

    /// <summary>The Order service without the gateway.</summary>
    public Uri Orders => _system.Address("orders", "https");

    /// <summary>The ready replicas of the Order service themselves.</summary>
    public IReadOnlyList<Uri> OrderReplicas => _system.State.ReadReplicas("orders");

    /// <summary>One of the gateways itself, without the host's front.</summary>
    public Uri GatewayReplica => _system.State.ReadReplicas("gateway")[0];

    /// <summary>The folder with certificate, key and authority.</summary>
    public string Pki => Path.GetDirectoryName(_system.State.AuthorityFile)!;

    public NpgsqlDataSource OrdersDatabase => _orders;

    /// <param name="name">Of the isolated instance.</param>
    /// <param name="telemetry">Where it exports to; nowhere without.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BenchSystem> StartAsync(string name, Uri? telemetry, CancellationToken cancellationToken)
    {
        // Services inherit the environment of the host.
        Environment.SetEnvironmentVariable(TelemetryEndpoint, telemetry?.ToString().TrimEnd('/'));
        Environment.SetEnvironmentVariable(TelemetryProtocol, telemetry is null ? null : "http/protobuf");
        // A single customer sends all that the system can take, which is what the limit is there for.
        Environment.SetEnvironmentVariable("Limits__PerUser", "1000000");
        return new BenchSystem(await RunningSystem.StartAsync(name, cancellationToken));
    }

    public HttpClient CreateClient(Uri address, int clients) => JsonRequests.CreateClient(
        address, clients, new SslClientAuthenticationOptions { CertificateChainPolicy = GatewayTrust.ReadPolicy(_system.State.AuthorityFile) });

    /// <summary>The connection string of a database, for what the bench itself writes.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_system.ReadOnlyConnectionString(database)) { Options = null, ApplicationName = "bench" }.ConnectionString;

    /// <summary>Registers somebody and keeps him signed in.</summary>
    public async Task<SignedIn> SignInAsync(string role, CancellationToken cancellationToken)
    {
        using var client = CreateClient(Gateway, 1);
        var credentials = new { email = $"{Guid.NewGuid():N}@example.org", password = Password };
        using var registered = await client.PostAsJsonAsync(
            "/auth/register", new { credentials.email, credentials.password, displayName = "Bench" }, cancellationToken);
        registered.EnsureSuccessStatusCode();
        var id = (await registered.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["id"]!.GetValue<Guid>();
        if (role != "customer")
        {
            await using var command = _users.CreateCommand("UPDATE users SET role = $1 WHERE id = $2");
            command.Parameters.Add(new() { Value = role });
            command.Parameters.Add(new() { Value = id });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return await SignedIn.CreateAsync(id, CreateClient(Gateway, 1), credentials, cancellationToken);
    }

    /// <summary>Waits until every order is processed.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (await PendingAsync(cancellationToken) is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    /// <summary>The age of the oldest order that waits to be processed.</summary>
    public async Task<TimeSpan?> PendingAsync(CancellationToken cancellationToken)
    {
        await using var command = _orders.CreateCommand("SELECT now() - min(created_at) FROM orders WHERE status = 'pending'");
        return await command.ExecuteScalarAsync(cancellationToken) as TimeSpan?;
    }

    public async ValueTask DisposeAsync()
    {
        await _orders.DisposeAsync();
        await _users.DisposeAsync();
        await _system.DisposeAsync();
    }
}
