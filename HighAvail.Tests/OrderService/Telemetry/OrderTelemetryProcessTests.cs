using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using HighAvail.Tests.ServiceDefaults.Telemetry;

namespace HighAvail.Tests.OrderService.Telemetry;

/// <summary>What is exported of orders, by processes of their own: in this one other tests are traced and measured as well.</summary>
public sealed class OrderTelemetryProcessTests(SharedPostgres postgres)
{
    private static readonly Guid _customer = Guid.CreateVersion7();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Place_ThroughTheGateway_IsOneTraceDownToSql()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        using var orders = await SignInAsync(database);
        await using var service = await StartOrdersAsync(orders, database, collector);
        using var gateway = NewClient();
        gateway.DefaultRequestHeaders.Authorization = orders.DefaultRequestHeaders.Authorization;
        await using var proxy = await StartAsync("HighAvail.Gateway", "gateway", gateway, collector, ("services__orders__http__0", orders.BaseAddress!.ToString()));
        var (trace, client) = (Guid.NewGuid().ToString("N"), "00f067aa0ba902b7");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(new { currency = "EUR", lines = new[] { new { sku = "pen", quantity = 1, unitPrice = 1 } } }),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{client}-01");

        using var placed = await gateway.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        string[] path = ["orders: Npgsql", "orders: Microsoft.AspNetCore", "gateway: System.Net.Http", "gateway: Microsoft.AspNetCore"];
        await Eventually.TrueAsync(() => !path.Except(Spans().Select(Name)).Any(), "the gateway, the service and its statements are exported");
        var spans = Spans();
        Assert.All(spans.Where(span => span.Scope == "Npgsql"), sql => Assert.Equal([.. path, client], PathOf(sql, spans)));

        OtlpSpan[] Spans() => [.. collector.Spans.Where(span => span.TraceId == trace)];
    }

    [Fact]
    public async Task Read_FinalOrderAgain_IsExportedAsAHit()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        using var orders = await SignInAsync(database);
        await using var service = await StartOrdersAsync(orders, database, collector);
        var id = await database.InsertAsync(_customer, "shipped", Cancellation, age: TimeSpan.FromHours(1));

        await orders.GetStringAsync($"/orders/{id}", Cancellation);
        await Eventually.TrueAsync(() => collector.Has("metrics", "fusioncache.cache.miss"), "the first read is a miss");
        Assert.False(collector.Has("metrics", "fusioncache.cache.hit"));
        await orders.GetStringAsync($"/orders/{id}", Cancellation);

        await Eventually.TrueAsync(() => collector.Has("metrics", "fusioncache.cache.hit"), "the second read is a hit");
        Assert.True(collector.Has("metrics", "ZiggyCreatures.Caching.Fusion"));
    }

    // Without a trace of this process, or its spans were the parents of theirs.
    private static HttpClient NewClient() => new(new SocketsHttpHandler { ActivityHeadersPropagator = null })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"),
    };

    private static async Task<HttpClient> SignInAsync(OrderDatabase database)
    {
        using var authority = new TokenAuthority();
        await authority.PublishAsync(database.ConnectionString, Cancellation);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", authority.Issue(_customer));
        return client;
    }

    private static Task<TestProcess> StartOrdersAsync(HttpClient client, OrderDatabase database, OtlpCollector collector) => StartAsync(
        "HighAvail.OrderService",
        "orders",
        client,
        collector,
        ("ConnectionStrings__ordersdb", database.ConnectionString),
        ("ConnectionStrings__cache", "127.0.0.1:1"),
        ("ServiceKey", "a-key-of-the-tests-only"));

    private static async Task<TestProcess> StartAsync(
        string assembly, string name, HttpClient client, OtlpCollector collector, params (string Name, string Value)[] settings)
    {
        var process = await ServiceProcess.StartAsync(
            assembly,
            [
                ("ASPNETCORE_URLS", client.BaseAddress!.ToString()),
                ("OTEL_SERVICE_NAME", name),
                ("services__users__http__0", "http://127.0.0.1:1"),
                .. collector.Settings,
                .. settings,
            ]);
        await process.WaitUntilHealthyAsync(client);
        return process;
    }

    private static string Name(OtlpSpan span) => $"{span.Service}: {span.Scope}";

    // From a span up to the one that nobody here has exported, which is the client's.
    private static List<string> PathOf(OtlpSpan span, OtlpSpan[] all)
    {
        var path = new List<string> { Name(span) };
        while (all.SingleOrDefault(other => other.Id == span.ParentId) is { } parent)
        {
            path.Add(Name(parent));
            span = parent;
        }

        return [.. path, span.ParentId];
    }
}
