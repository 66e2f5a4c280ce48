using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HighAvail.Drill.Bench.Floor;

/// <summary>
/// What the system is measured against: the least program that stores an order. It also takes the telemetry that the system exports, and throws it away.
/// </summary>
internal static class FloorServer
{
    /// <summary>The environment variable with the connection string of the database.</summary>
    public const string Database = "FLOOR_DATABASE";

    /// <summary>Stores the body: one INSERT.</summary>
    public const string Insert = "/insert";

    /// <summary>Stores key, order, event and answer: what the Order service stores, in one statement, too.</summary>
    public const string Place = "/place";

    public const string Tables =
        """
        CREATE TABLE IF NOT EXISTS floor_orders (id uuid PRIMARY KEY, body jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS floor_keys (
            scope bytea PRIMARY KEY, request bytea NOT NULL, status smallint NOT NULL, body bytea NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS floor_events (
            order_id uuid NOT NULL, version bigint NOT NULL, type text NOT NULL, data jsonb NOT NULL, at timestamptz NOT NULL,
            PRIMARY KEY (order_id, version))
        """;

    private const string InsertAll =
        """
        WITH key AS (
            INSERT INTO floor_keys (scope, request, status, body) VALUES ($1, $2, 201, $3) ON CONFLICT DO NOTHING RETURNING scope),
        placed AS (INSERT INTO floor_orders (id, body) SELECT $4, $5::jsonb FROM key RETURNING id, created_at)
        INSERT INTO floor_events (order_id, version, type, data, at) SELECT id, 1, 'placed', '{"status":"pending"}', created_at FROM placed
        """;

    /// <summary>In its own process; says its addresses, plain HTTP and HTTPS, and the hash of its certificate.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var certificate = SelfSigned();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        });
        builder.Services.AddSingleton(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Database))
        {
            // The same as every service of the system.
            MaxPoolSize = 8,
            MaxAutoPrepare = 32,
            NoResetOnClose = true,
        }));

        var app = builder.Build();
        app.MapPost(Insert, InsertAsync);
        app.MapPost(Place, PlaceAsync);
        app.MapGet("/{id:guid}", ReadAsync);
        app.MapPost("/v1/{signal}", static async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
        await app.StartAsync(cancellationToken);
        await BenchServer.ServeAsync($"{string.Join(' ', app.Urls)} {certificate.GetCertHashString()}", cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }

    private static async Task<IResult> InsertAsync(Body body, NpgsqlDataSource database)
    {
        var id = Guid.CreateVersion7();
        await using var command = database.CreateCommand("INSERT INTO floor_orders (id, body) VALUES ($1, $2::jsonb)");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = body.Text });
        await command.ExecuteNonQueryAsync();
        return new Created(id, body.Text);
    }

    private static async Task<IResult> ReadAsync(Guid id, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT body::text FROM floor_orders WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync() is string body ? Results.Text(body, "application/json") : Results.NotFound();
    }

    private static async Task<IResult> PlaceAsync(Body body, NpgsqlDataSource database)
    {
        var id = Guid.CreateVersion7();
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.Text);
        await using var command = database.CreateCommand(InsertAll);
        command.Parameters.Add(new() { Value = SHA256.HashData(id.ToByteArray()) });
        command.Parameters.Add(new() { Value = SHA256.HashData(bytes) });
        command.Parameters.Add(new() { Value = bytes });
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = body.Text });
        await command.ExecuteNonQueryAsync();
        return new Created(id, body.Text);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
    }

    private sealed class Created(Guid id, string body) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"/{id}";
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>The body as text: the database checks that it is JSON.</summary>
    private sealed record Body(string Text)
    {
        public static async ValueTask<Body?> BindAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body);
            return new Body(await reader.ReadToEndAsync(context.RequestAborted));
        }
    }
}
