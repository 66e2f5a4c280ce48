using System.Text.Json;
using HighAvail.Hosting.ApplicationModel;
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

        if (await ProblemOfArgumentsAsync(context, command.Name).ConfigureAwait(false) is var (status, problem))
        {
            await ControlProblem.WriteAsync(context, status, problem).ConfigureAwait(false);
            return;
        }

        if (!views.IsEnabled(command, target.StatesOf(directory.CurrentStates).Select(s => s.Snapshot)))
        {
            var state = views.Of(target.Resource, target.Replica, directory.CurrentStates).State;
            await ControlProblem.WriteAsync(
                context, StatusCodes.Status409Conflict, $"'{command.Name}' cannot be done with '{target.Name}' now: it is {state}.").ConfigureAwait(false);
            return;
        }

        events.Command(target, command.Name);
        var result = await commands.ExecuteCommandAsync(target.Name, command.Name, context.RequestAborted).ConfigureAwait(false);
        if (result.Success)
        {
            await context.Response.WriteAsJsonAsync(new(target.Name, command.Name), ControlJson.Default.CommandResult).ConfigureAwait(false);
            return;
        }

        var reason = result.ErrorMessage ?? (result.Canceled ? "It was cancelled." : "It failed without saying why.");
        events.CommandFailed(target, command.Name, reason);
        await ControlProblem.WriteAsync(context, StatusCodes.Status500InternalServerError, reason).ConfigureAwait(false);
    }

    private static async Task<ResourceCommandAnnotation?> FindCommandAsync(HttpContext context, NamedResource target)
    {
        var name = (string)context.GetRouteValue("command")!;
        var offered = target.Resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (offered.LastOrDefault(c => c.Name == name) is { } command)
        {
            return command;
        }

        var nearest = NearestNames.Find(name, offered.Select(c => c.Name));
        var names = offered.Length == 0 ? "nothing" : string.Join(", ", offered.Select(c => c.Name));
        await ControlProblem.WriteAsync(
            context,
            StatusCodes.Status404NotFound,
            $"'{name}' cannot be done with '{target.Name}', only: {names}.{NearestNames.Question(nearest)}",
            nearest).ConfigureAwait(false);
        return null;
    }

    // No command takes arguments so far; one that is not understood must not be ignored.
    private static async Task<(int Status, string Problem)?> ProblemOfArgumentsAsync(HttpContext context, string command)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
            if (body.Length == 0)
            {
                return null;
            }

            var arguments = JsonSerializer.Deserialize(body.ToArray(), ControlJson.Default.JsonElement);
            return arguments.ValueKind != JsonValueKind.Object
                ? (StatusCodes.Status400BadRequest, "The body holds the command's arguments as a JSON object, or is empty.")
                : arguments.EnumerateObject().Select(a => a.Name).FirstOrDefault() is { } unknown
                    ? (StatusCodes.Status400BadRequest, $"'{command}' takes no argument '{unknown}'.")
                    : null;
        }
        catch (JsonException)
        {
            return (StatusCodes.Status400BadRequest, "The body is not valid JSON.");
        }
        catch (BadHttpRequestException exception)
        {
            return (exception.StatusCode, exception.Message);
        }
    }

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
