using System.Text.Json;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HighAvail.Hosting.Control;

/// <summary>The resources and their replicas as they are, and every change.</summary>
internal sealed class ResourcesApi(ResourceDirectory directory, ResourceViews views, ResourceNotificationService notifications)
{
    internal void Map(IEndpointRouteBuilder routes, CancellationToken stopping)
    {
        routes.MapGet("/api/resources", ListAsync);
        routes.MapGet("/api/resources/watch", context => FollowedResponse.RunAsync(context, token => WatchAsync(context, token), stopping));
        routes.MapGet("/api/resources/{name}", GetAsync);
        routes.MapGet("/api/processes", ProcessesAsync);
    }

    /// <summary>What the route's name stands for; when nothing, that is answered here.</summary>
    internal static async Task<NamedResource?> FindAsync(HttpContext context, ResourceDirectory directory)
    {
        // Routing leaves encoded slashes as they are.
        var name = Uri.UnescapeDataString((string)context.GetRouteValue("name")!);
        var (found, nearest) = directory.Find(name);
        if (found is null)
        {
            await ControlProblem.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                $"There is no resource or replica '{name}'.{NearestNames.Question(nearest)}",
                nearest).ConfigureAwait(false);
        }

        return found;
    }

    private Task ListAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        views.All(directory.CurrentStates), ControlJson.Default.ListResourceView, cancellationToken: context.RequestAborted);

    private async Task GetAsync(HttpContext context)
    {
        if (!QueryValue.TryFlag(context.Request, "secrets", out var showSecrets))
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "secrets is true or false.").ConfigureAwait(false);
            return;
        }

        if (await FindAsync(context, directory).ConfigureAwait(false) is { } found)
        {
            await context.Response.WriteAsJsonAsync(
                views.Of(found.Resource, found.Replica, directory.CurrentStates, showSecrets),
                ControlJson.Default.ResourceView,
                cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
    }

    private Task ProcessesAsync(HttpContext context)
    {
        var usage = new ProcessUsage();
        var processes = directory.CurrentStates
            .Select(s => (s.ResourceId, ProcessId: s.Snapshot.Value(KnownProperties.ProcessId) as int?))
            .Where(s => s.ProcessId is not null)
            .Select(s => (s.ResourceId, ProcessId: s.ProcessId!.Value, Usage: usage.Of(s.ProcessId.Value)))
            .Where(s => s.Usage is not null)
            .Select(s => new ProcessView(s.ResourceId, s.ProcessId, s.Usage!.Value.Cpu.TotalSeconds, s.Usage.Value.Memory))
            .ToList();
        return context.Response.WriteAsJsonAsync(processes, ControlJson.Default.ListProcessView, cancellationToken: context.RequestAborted);
    }

    private async Task WatchAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await ServerSentEvents.BeginAsync(context, cancellationToken).ConfigureAwait(false);

        // Views are made of the changes as they come and not of the current states, which may be ahead: no state is left out.
        var states = directory.CurrentStates.ToDictionary(s => s.ResourceId);
        var all = views.All(states.Values);
        var sent = all.ToDictionary(v => v.Name, v => JsonSerializer.SerializeToUtf8Bytes(v, ControlJson.Default.ResourceView));
        await ServerSentEvents.WriteAsync(
            context, "resources", JsonSerializer.SerializeToUtf8Bytes(all, ControlJson.Default.ListResourceView), cancellationToken).ConfigureAwait(false);

        await foreach (var change in notifications.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            states[change.ResourceId] = change;
            if (change.IsRemoved)
            {
                states.Remove(change.ResourceId);
            }

            if (change.Snapshot.IsHidden)
            {
                continue;
            }

            var json = JsonSerializer.SerializeToUtf8Bytes(views.Of(change.Resource, null, states.Values), ControlJson.Default.ResourceView);
            if (!sent.TryGetValue(change.Resource.Name, out var known) || !json.AsSpan().SequenceEqual(known))
            {
                sent[change.Resource.Name] = json;
                await ServerSentEvents.WriteAsync(context, "resource", json, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
