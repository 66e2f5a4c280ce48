using System.Collections.Concurrent;
using System.Text.Json;
using HighAvail.Tests.OrderService;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace HighAvail.Tests.Drill.Audit;

/// <summary>
/// The public API, as small as it can be, over a real database with the Order service's tables; and, if so wanted, with a bug. Orders are
/// confirmed in the statement that places them, so nothing but the bug can be wrong.
/// </summary>
internal sealed class FakeShop : IAsyncDisposable
{
    private const string Columns = "id, customer_id, status, currency, lines::text, total, version";

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _database;
    private readonly ShopBug _bug;
    private readonly ConcurrentDictionary<string, Guid> _users = new();
    private readonly CancellationTokenSource _killed = new();
    private int _placed;
    private int _lost;

    private FakeShop(OrderDatabase database, ShopBug bug)
    {
        // As few as a service has: the server is shared with other tests.
        _database = NpgsqlDataSource.Create($"{database.ConnectionString};Maximum Pool Size=8");
        _bug = bug;
        _app = LoopbackServer.Create();
        _app.MapPost("/auth/register", (JsonElement body) => Results.Json(
            new { id = _users[body.GetProperty("email").GetString()!] = Guid.CreateVersion7() }, statusCode: StatusCodes.Status201Created));
        _app.MapPost("/auth/login", (JsonElement body) => new { accessToken = _users[body.GetProperty("email").GetString()!].ToString(), expiresIn = 300 });
        _app.MapGet("/users/me", (HttpContext context) => new { id = CustomerOf(context) });
        _app.MapPost("/orders", PlaceAsync);
        _app.MapGet("/orders", ListAsync);
        _app.MapGet("/orders/{id:guid}", async (Guid id) => await FindAsync(id) is { } order ? Results.Json(order) : Results.NotFound());
        _app.MapPost("/orders/{id:guid}/cancel", CancelAsync);
        _app.MapGet("/orders/{id:guid}/events", WatchAsync);
    }

    /// <summary>How many orders it has lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public Uri Address => new(_app.Urls.First());

    public static async Task<FakeShop> StartAsync(OrderDatabase database, ShopBug bug)
    {
        var shop = new FakeShop(database, bug);
        await shop._app.StartAsync(TestContext.Current.CancellationToken);
        return shop;
    }

    /// <summary>What is not committed by now never will be.</summary>
    public void Kill() => _killed.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _killed.CancelAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        _killed.Dispose();
    }

    private static Guid CustomerOf(HttpContext context) => Guid.Parse(context.Request.Headers.Authorization.ToString()["Bearer ".Length..]);

    private async Task<IResult> PlaceAsync(HttpContext context, JsonElement body)
    {
        var (id, number) = (Guid.CreateVersion7(), Interlocked.Increment(ref _placed));
        var lines = body.GetProperty("lines");
        var total = lines.EnumerateArray().Sum(l => l.GetProperty("quantity").GetInt64() * l.GetProperty("unitPrice").GetInt64());
        var write = (Guid order) => InsertAsync(order, CustomerOf(context), body.GetProperty("currency").GetString()!, lines.GetRawText(), total);
        switch (_bug)
        {
            case ShopBug.LosesOneInAThousand when number % 1000 == 500:
                Interlocked.Increment(ref _lost);
                break;
            case ShopBug.DoublesOne when number == 100:
                await write(id);
                await write(Guid.CreateVersion7());
                break;
            case ShopBug.AcknowledgesBeforeCommit:
                var customer = CustomerOf(context);
                var currency = body.GetProperty("currency").GetString()!;
                var text = lines.GetRawText();
                _ = Task.Run(async () =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), _killed.Token);
                    await InsertAsync(id, customer, currency, text, total);
                });
                break;
            default:
                await write(id);
                break;
        }

        return Results.Json(
            new { id, customerId = CustomerOf(context), status = "pending", currency = "EUR", lines, total, version = 1 }, statusCode: StatusCodes.Status201Created);
    }

    private async Task InsertAsync(Guid id, Guid customer, string currency, string lines, long total)
    {
        await using var command = _database.CreateCommand(
            """
            WITH placed AS (
                INSERT INTO orders (id, customer_id, status, currency, lines, total, version, created_at, updated_at)
                VALUES ($1, $2, 'confirmed', $3, $4::jsonb, $5, 2, now(), now()))
            INSERT INTO order_events (order_id, version, type, data, at)
            VALUES ($1, 1, 'placed', '{"status":"pending"}', now()), ($1, 2, 'confirmed', '{"status":"confirmed"}', now())
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = customer });
        command.Parameters.Add(new() { Value = currency });
        command.Parameters.Add(new() { Value = lines });
        command.Parameters.Add(new() { Value = total });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IResult> ListAsync(HttpContext context, int limit, Guid? after)
    {
        await using var command = _database.CreateCommand(
            $"SELECT {Columns} FROM orders WHERE customer_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3");
        command.Parameters.Add(new() { Value = CustomerOf(context) });
        command.Parameters.Add(new() { Value = after ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = limit });
        var orders = new List<(Guid Id, object Order)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            orders.Add((reader.GetGuid(0), Read(reader)));
        }

        return Results.Json(new { items = orders.Select(o => o.Order), next = orders.Count == limit ? orders[^1].Id.ToString() : null });
    }

    private async Task<IResult> CancelAsync(Guid id)
    {
        await using var command = _database.CreateCommand(
            $$"""
            WITH changed AS (UPDATE orders SET status = 'cancelled', version = version + 1 WHERE id = '{{id}}' AND status <> 'cancelled' RETURNING version)
            INSERT INTO order_events (order_id, version, type, data, at) SELECT '{{id}}', version, 'cancelled', '{"status":"cancelled"}', now() FROM changed
            """);
        await command.ExecuteNonQueryAsync();
        return await FindAsync(id) is { } order ? Results.Json(order) : Results.NotFound();
    }

    private async Task WatchAsync(HttpContext context, Guid id)
    {
        if (await FindAsync(id) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("event: state\nid: 2\ndata: {}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<object?> FindAsync(Guid id)
    {
        await using var command = _database.CreateCommand($"SELECT {Columns} FROM orders WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? Read(reader) : null;
    }

    private static object Read(NpgsqlDataReader reader) => new
    {
        id = reader.GetGuid(0),
        customerId = reader.GetGuid(1),
        status = reader.GetString(2),
        currency = reader.GetString(3),
        lines = JsonSerializer.Deserialize<JsonElement>(reader.GetString(4)),
        total = reader.GetInt64(5),
        version = reader.GetInt64(6),
    };
}

internal enum ShopBug
{
    None,
    LosesOneInAThousand,
    DoublesOne,
    AcknowledgesBeforeCommit,
}
