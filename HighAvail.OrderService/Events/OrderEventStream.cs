using System.Globalization;
using System.Text;
using System.Text.Json;
using HighAvail.OrderService.Orders;
using HighAvail.ServiceDefaults.Access;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Events;

/// <summary>
/// The answer that does not end: the order as it is, unless the client has seen it, and then what happens to it (server-sent events,
/// https://html.spec.whatwg.org/multipage/server-sent-events.html). When the replica drains it ends, and the client goes on elsewhere; when the
/// client's token ends it ends, too, and the client goes on with another: whoever lost the right to see the order sees no more of it.
/// </summary>
/// <param name="subscription">What happens to the order; it ends with the stream.</param>
/// <param name="state">The order, for a client that sees it for the first time.</param>
internal sealed class OrderEventStream(OrderSubscription subscription, Order? state) : IResult
{
    public const string ContentType = "text/event-stream";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var drain = services.GetRequiredService<DrainSignal>();
        var timeProvider = services.GetRequiredService<TimeProvider>();
        var access = services.GetRequiredService<IOptions<AccessOptions>>().Value;
        using var owned = subscription;
        var left = httpContext.User.GetTokenEnd() + access.ClockSkew - timeProvider.GetUtcNow();
        using var token = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, drain.Draining, token.Token);
        try
        {
            await SendAsync(
                httpContext,
                services.GetRequiredService<IOptions<OrderEventsOptions>>().Value.KeepAliveInterval,
                timeProvider,
                end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
        finally
        {
            // Whatever still waits for the next comment or event.
            await end.CancelAsync();
        }
    }

    private async Task SendAsync(HttpContext context, TimeSpan keepAlive, TimeProvider timeProvider, CancellationToken end)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        if (state is not null)
        {
            Write(context.Response, "state", state.Version, JsonSerializer.Serialize(state, OrderServiceJson.Default.Order));
        }
        else
        {
            // A proxy may pass the answer on only when its body begins, and the client is to know at once that it is connected.
            Write(context.Response, ": resumed\n\n");
        }

        await context.Response.BodyWriter.FlushAsync(end);
        while (true)
        {
            var next = subscription.Events.WaitToReadAsync(end).AsTask();
            while (await Task.WhenAny(next, Task.Delay(keepAlive, timeProvider, end)) != next)
            {
                end.ThrowIfCancellationRequested();
                Write(context.Response, ": keep-alive\n\n");
                await context.Response.BodyWriter.FlushAsync(end);
            }

            await next;
            while (subscription.Events.TryRead(out var read))
            {
                Write(
                    context.Response, read.Type, read.Change.Version, JsonSerializer.Serialize(read.Change, OrderServiceJson.Default.OrderChange));
            }

            await context.Response.BodyWriter.FlushAsync(end);
        }
    }

    private static void Write(HttpResponse response, string type, long version, string json) =>
        Write(response, string.Create(CultureInfo.InvariantCulture, $"event: {type}\nid: {version}\ndata: {json}\n\n"));

    private static void Write(HttpResponse response, string text) => Encoding.UTF8.GetBytes(text, response.BodyWriter);
}
