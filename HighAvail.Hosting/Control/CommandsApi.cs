using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Control;

/// <summary>Does something with a resource or replica, or stops the whole host.</summary>
internal sealed class CommandsApi(
    ResourceDirectory directory, ResourceViews views, ResourceCommandService commands, EventLog events, IHostApplicationLifetime lifetime)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/resources/{name}/commands/{command}", ExecuteAsync);
        routes.MapPost("/api/stop", Stop);
    }

    private async Task ExecuteAsync(HttpContext context)
    {
        if (await ResourcesApi.FindAsync(context, directory).ConfigureAwait(false) is not { } target ||
            await FindCommandAsync(context, target).ConfigureAwait(false) is not { } command)
        {
            return;
        }

        var (argument, invalid) = await CommandBody.ReadAsync(context, command).ConfigureAwait(false);
        if (invalid is var (status, problem))
        {
            await ControlProblem.WriteAsync(context, status, problem).ConfigureAwait(false);
            return;
        }

        if (!views.IsEnabled(command, target.StatesOf(directory.CurrentStates).Select(s => s.Snapshot)))
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status409Conflict, WhyNotNow(command, target)).ConfigureAwait(false);
            return;
        }

        events.Command(target, command.Name);
        var result = await commands.ExecuteCommandAsync(target.Name, command.Name, argument, context.RequestAborted).ConfigureAwait(false);
        if (result.Success)
        {
            await context.Response.WriteAsJsonAsync(new(target.Name, command.Name, result.Message), ControlJson.Default.CommandResult).ConfigureAwait(false);
            return;
        }

        var reason = result.ErrorMessage ?? (result.Canceled ? "It was cancelled." : "It failed without saying why.");
        events.CommandFailed(target, command.Name, reason);
        await ControlProblem.WriteAsync(
            context, result.IsRefused ? StatusCodes.Status409Conflict : StatusCodes.Status500InternalServerError, reason).ConfigureAwait(false);
    }

    private string WhyNotNow(ResourceCommandAnnotation command, NamedResource target)
    {
        var states = directory.CurrentStates;
        var start = target.Resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == KnownResourceCommands.StartCommand);
        var isStopped = command.Name != KnownResourceCommands.StopCommand && start is not null && views.IsEnabled(start, target.StatesOf(states).Select(s => s.Snapshot));
        var hint = isStopped ? $" First start it: start {target.Name}" : string.Empty;
        return $"'{command.Name}' cannot be done with '{target.Name}' now: it is {views.Of(target.Resource, target.Replica, states).State}.{hint}";
    }

    private static async Task<ResourceCommandAnnotation?> FindCommandAsync(HttpContext context, NamedResource target)
    {
        var name = (string)context.GetRouteValue("command")!;
        var offered = target.Resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (offered.LastOrDefault(c => c.Name == name) is { } command)
        {
            return command;
        }

        if (name is KnownResourceCommands.RollingRestartCommand or KnownResourceCommands.ScaleCommand &&
            ApplicationOrchestrator.IsProcess(target.Resource) && ReplicaCommands.WhyOnlyOne(target.Resource) is { } reason)
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status409Conflict, $"'{name}' cannot be done. {reason}").ConfigureAwait(false);
            return null;
        }

        var nearest = NearestNames.Find(name, offered.Select(c => c.Name));
        await ControlProblem.WriteAsync(
            context,
            StatusCodes.Status404NotFound,
            $"'{name}' cannot be done with '{target.Name}'{What(target.Resource, offered)}{NearestNames.Question(nearest)}",
            nearest).ConfigureAwait(false);
        return null;
    }

    private static string What(IResource resource, ResourceCommandAnnotation[] offered) => (offered, resource) switch
    {
        ({ Length: > 0 }, _) => $", only: {string.Join(", ", offered.Select(c => c.Name))}.",
        (_, IResourceWithParent { Parent: var parent }) => $": it has no process of its own. Do it with '{parent.Name}', which it is in.",
        _ => $": it has no process. See it: describe {resource.Name}",
    };

    private Task Stop(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;

        // Not before the answer is out: stopping ends this server too.
        context.Response.OnCompleted(() =>
        {
            _ = Task.Run(lifetime.StopApplication);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
