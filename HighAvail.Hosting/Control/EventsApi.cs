using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HighAvail.Hosting.Control;

/// <summary>What happened: state changes, restarts, commands.</summary>
internal sealed class EventsApi(EventLog events)
{
    internal void Map(IEndpointRouteBuilder routes, CancellationToken stopping) =>
        routes.MapGet("/api/events", context => GetAsync(context, stopping));

    private async Task GetAsync(HttpContext context, CancellationToken stopping)
    {
        if (!QueryValue.TryFlag(context.Request, "follow", out var follow))
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "follow is true or false.").ConfigureAwait(false);
            return;
        }

        if (!follow)
        {
            await context.Response.WriteAsJsonAsync(events.Snapshot(), ControlJson.Default.IReadOnlyListControlEvent, cancellationToken: context.RequestAborted).ConfigureAwait(false);
            return;
        }

        await FollowedResponse.RunAsync(context, async cancellationToken =>
        {
            await ServerSentEvents.BeginAsync(context, cancellationToken).ConfigureAwait(false);
            await foreach (var item in events.FollowAsync(cancellationToken).ConfigureAwait(false))
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(item, ControlJson.Default.ControlEvent);
                await ServerSentEvents.WriteAsync(context, "event", json, cancellationToken).ConfigureAwait(false);
            }
        }, stopping).ConfigureAwait(false);
    }
}
