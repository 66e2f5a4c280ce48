using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Hosting;

/// <summary>Adds what can be asked to be done with a resource: in the dashboard, on the command line, over the control API.</summary>
public static class CommandBuilderExtensions
{
    /// <summary>Adds a command, in the place of one of the same name.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The command's name, unique for the resource.</param>
    /// <param name="displayName">What people see.</param>
    /// <param name="executeCommand">Does it.</param>
    /// <param name="commandOptions">What else there is to say about it.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(displayName);
        ArgumentNullException.ThrowIfNull(executeCommand);
        commandOptions ??= new();
        if (builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().SingleOrDefault(a => a.Name == name) is { } existing)
        {
            builder.Resource.Annotations.Remove(existing);
        }

        return builder.WithAnnotation(new ResourceCommandAnnotation(
            name,
            displayName,
            commandOptions.UpdateState ?? (_ => ResourceCommandState.Enabled),
            executeCommand,
            commandOptions.Description,
            commandOptions.Parameter,
            commandOptions.ConfirmationMessage,
            commandOptions.IconName,
            commandOptions.IconVariant,
            commandOptions.IsHighlighted));
    }

    /// <summary>Adds a command that sends an HTTP request to the resource.</summary>
    /// <typeparam name="TResource">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="displayName">What people see.</param>
    /// <param name="endpointName">The endpoint that is asked; https, or else http, unless given.</param>
    /// <param name="commandName">The command's name; made of endpoint, method and path unless given.</param>
    /// <param name="commandOptions">What else there is to say about it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">There is no such HTTP endpoint.</exception>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpCommand(
            path,
            displayName,
            endpointName is null ? commandOptions?.EndpointSelector : () => HttpEndpoints.Choose(builder.Resource, endpointName, "command"),
            commandName,
            commandOptions);
    }

    /// <summary>Adds a command that sends an HTTP request to an endpoint, of this resource or of another one.</summary>
    /// <typeparam name="TResource">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="displayName">What people see.</param>
    /// <param name="endpointSelector">Chooses the endpoint; the resource's own https, or else http, unless given.</param>
    /// <param name="commandName">The command's name; made of endpoint, method and path unless given.</param>
    /// <param name="commandOptions">What else there is to say about it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DistributedApplicationException">There is no such HTTP endpoint.</exception>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        Func<EndpointReference>? endpointSelector,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(displayName);

        var endpoint = HttpEndpoints.Require(
            builder.Resource, endpointSelector is null ? HttpEndpoints.Choose(builder.Resource, null, "command") : endpointSelector(), "command");
        builder.ApplicationBuilder.Services.AddHttpClient();
        var options = commandOptions ?? new();
        var command = new HttpCommand(endpoint, path, options);
        return builder.WithCommand(
            commandName ?? $"{endpoint.Resource.Name}-{endpoint.EndpointName}-http-{command.Method.Method.ToLowerInvariant()}-{path}",
            displayName,
            command.ExecuteAsync,
            new()
            {
                Description = options.Description,
                Parameter = options.Parameter,
                ConfirmationMessage = options.ConfirmationMessage,
                IconName = options.IconName,
                IconVariant = options.IconVariant,
                IsHighlighted = options.IsHighlighted,
                UpdateState = options.UpdateState ?? (context => CanBeAsked(context, endpoint)),
            });
    }

    private static ResourceCommandState CanBeAsked(UpdateCommandStateContext context, EndpointReference endpoint) =>
        context.ServiceProvider.GetRequiredService<ResourceNotificationService>().IsHealthy(endpoint.Resource)
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;
}
