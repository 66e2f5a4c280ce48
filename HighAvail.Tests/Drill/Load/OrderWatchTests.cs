using System.Collections.Concurrent;
using System.Globalization;
using HighAvail.Drill;
using HighAvail.Drill.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Drill.Load;

/// <summary>Somebody who watches an order, and a server whose streams break.</summary>
public class OrderWatchTests
{
    private static readonly LoadOptions _options = new() { WatchDuration = TimeSpan.FromMinutes(2) };

    [Fact]
    public async Task Run_StreamBreaks_IsResumedWhereItWasAndDoesNotCountAsFailed()
    {
        var seen = new ConcurrentQueue<string?>();
        using var stop = new CancellationTokenSource();
        var (attempt, watch) = await WatchAsync(
            async (context, connection) =>
            {
                seen.Enqueue(context.Request.Headers["Last-Event-ID"]);
                await SendAsync(context, connection);
                await StopAtAsync(3, connection, stop);
            },
            stop.Token);

        Assert.Equal(Outcome.Ok, attempt.Outcome);
        Assert.Null(watch.Finding);
        Assert.Equal([null, "1", "2"], seen.Take(3));
    }

    [Fact]
    public async Task Run_EventIsMissing_IsFound()
    {
        using var stop = new CancellationTokenSource();
        var (attempt, watch) = await WatchAsync(
            async (context, connection) =>
            {
                await SendAsync(context, connection == 1 ? 1 : connection + 1);
                await StopAtAsync(3, connection, stop);
            },
            stop.Token);

        Assert.Equal(Outcome.Failed, attempt.Outcome);
        Assert.Equal(FindingKind.BrokenStream, watch.Finding?.Kind);
        Assert.Contains("event 3 after 1", watch.Finding?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EventHasNoNumber_IsFound()
    {
        using var stop = new CancellationTokenSource();
        var (attempt, watch) = await WatchAsync(
            async (context, connection) =>
            {
                await (connection == 1 ? SendAsync(context, "1") : SendAsync(context, "99999999999999999999"));
                await StopAtAsync(2, connection, stop);
            },
            stop.Token);

        Assert.Equal(Outcome.Failed, attempt.Outcome);
        Assert.Equal(FindingKind.BrokenStream, watch.Finding?.Kind);
        Assert.Contains("99999999999999999999", watch.Finding?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotLetIn_Fails()
    {
        var (attempt, _) = await WatchAsync(
            (context, _) =>
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            },
            Patience.Token);

        Assert.Equal(Outcome.Failed, attempt.Outcome);
    }

    // Not before what was sent has been read: the stream ends by itself, and the next connection tells that it has been.
    private static Task StopAtAsync(int last, int connection, CancellationTokenSource stop) => connection > last ? stop.CancelAsync() : Task.CompletedTask;

    private static Task SendAsync(HttpContext context, int version) => SendAsync(context, version.ToString(CultureInfo.InvariantCulture));

    private static async Task SendAsync(HttpContext context, string version)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($": hello\n\nevent: state\nid: {version}\ndata: {{}}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task<(Attempt Attempt, OrderWatch Watch)> WatchAsync(Func<HttpContext, int, Task> answer, CancellationToken stop)
    {
        var connections = 0;
        await using var app = LoopbackServer.Create();
        app.Run(context => answer(context, Interlocked.Increment(ref connections)));
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var shop = new ShopClient(new(app.Urls.First()), null, _options);
        var order = new SentOrder("run", 1, Guid.NewGuid());
        order.SetPlaced(Answer.Acknowledged, Guid.NewGuid());
        var watch = new OrderWatch(shop, new(order.Customer, "ada@example.com", "secret"), order, _options, TimeProvider.System);
        return (await watch.RunAsync(stop).WaitAsync(Patience.Token), watch);
    }
}
