using System.Text.Json;
using HighAvail.Drill;
using HighAvail.Drill.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Drill.Load;

/// <summary>What customers notice, of a shop that places orders and is wrong in everything else.</summary>
public class ShoppersTests
{
    private const int Enough = 200;

    private readonly Guid _customer = Guid.NewGuid();
    private readonly Dictionary<Guid, (LineBody[] Lines, long Total)> _placed = [];

    [Fact]
    public async Task Next_AcknowledgedOrderCannotBeCancelledBecauseItIsNotFound_IsNotShown()
    {
        var findings = await AskAsync(app => app.MapPost("/orders/{id:guid}/cancel", () => Results.NotFound()));

        Assert.Contains(findings, f => f.Kind == FindingKind.NotShown && f.Text.Contains("cancel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Next_FullPageOfOlderOrders_IsNotShown()
    {
        var older = Enumerable.Range(0, 20).Select(_ => Order(Guid.CreateVersion7(), [new("tea", 1, 5)], 5)).ToArray();

        var findings = await AskAsync(app => app.MapGet("/orders", () => new { items = older, next = "more" }));

        Assert.Contains(findings, f => f.Kind == FindingKind.NotShown && f.Text.Contains("list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Next_FullPageOfNewerOrders_IsRight()
    {
        var findings = await AskAsync(app => app.MapGet(
            "/orders", () => new { items = Enumerable.Range(0, 20).Select(_ => Order(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1)), [new("tea", 1, 5)], 5)), next = "more" }));

        Assert.DoesNotContain(findings, f => f.Text.Contains("list", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("USD", 0, 2)]
    [InlineData("EUR", 1, 2)]
    [InlineData("EUR", 0, 1)]
    public async Task Next_AnotherOrderIsShown_IsFound(string currency, int more, int lines)
    {
        var findings = await AskAsync(app => app.MapGet("/orders/{id:guid}", (Guid id) =>
        {
            var (sent, total) = _placed[id];
            return new { id, customerId = _customer, status = "pending", currency, lines = sent.Take(lines).Select(l => l with { Quantity = l.Quantity + more }), total, version = 1 };
        }));

        Assert.Contains(findings, f => f.Kind == FindingKind.WrongContent && f.Text.Contains("shown", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"items\":[null]}")]
    [InlineData("what?")]
    public async Task Next_AnswersThatNobodyCanRead_AreFound(string answer)
    {
        var findings = await AskAsync(app =>
        {
            app.MapGet("/orders", () => Results.Text(answer, "application/json"));
            app.MapGet("/orders/{id:guid}", () => Results.Text(answer, "application/json"));
            app.MapGet("/users/me", () => Results.Text(answer, "application/json"));
        });

        Assert.Contains(findings, f => f.Kind == FindingKind.WrongContent && f.Text.Contains("promises", StringComparison.Ordinal));
    }

    private static object Order(Guid id, LineBody[] lines, long total) =>
        new { id, customerId = Guid.NewGuid(), status = "pending", currency = "EUR", lines, total, version = 1 };

    private async Task<IReadOnlyCollection<Finding>> AskAsync(Action<WebApplication> map)
    {
        await using var app = LoopbackServer.Create();
        app.MapPost("/orders", (JsonElement body) =>
        {
            var id = Guid.CreateVersion7();
            var lines = body.GetProperty("lines").Deserialize<LineBody[]>(JsonSerializerOptions.Web)!;
            _placed[id] = (lines, lines.Sum(l => l.Quantity * l.UnitPrice));
            return Results.Json(new { id, customerId = _customer, status = "pending", currency = "EUR", lines, total = _placed[id].Total, version = 1 }, statusCode: StatusCodes.Status201Created);
        });
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);

        var options = new LoadOptions { WatchDuration = TimeSpan.FromMilliseconds(100) };
        using var shop = new ShopClient(new(app.Urls.First()), null, options);
        var customer = new Customer(_customer, "ada@example.com", "secret") { Token = new("token", DateTimeOffset.MaxValue) };
        var shoppers = new Shoppers(shop, [customer], new OrderBook("1a2b3c4d"), options, new Random(1), TimeProvider.System, CancellationToken.None);
        for (var i = 0; i < Enough; i++)
        {
            await shoppers.Next().Send();
        }

        return shoppers.Findings;
    }
}
