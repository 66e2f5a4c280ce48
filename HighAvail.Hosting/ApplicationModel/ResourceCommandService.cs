using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Does what commands say.</summary>
public class ResourceCommandService
{
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _model = model;
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Does a command.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How it went. Exceptions are logged to the resource's log and returned as failures.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return ExecuteAsync(resource, resource.Name, commandName, argument: null, cancellationToken);
    }

    /// <summary>Does a command with a resource or with one replica.</summary>
    /// <param name="resourceId">The name of the resource or replica.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How it went. Exceptions are logged to the resource's log and returned as failures.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resourceId, commandName, argument: null, cancellationToken);

    /// <summary>As the other, with the number that the command takes.</summary>
    internal Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, int? argument, CancellationToken cancellationToken)
    {
        var resource = _notifications.TryGetCurrentState(resourceId, out var known)
            ? known.Resource
            : _model.Resources.FirstOrDefault(r => string.Equals(r.Name, resourceId, StringComparison.OrdinalIgnoreCase));
        return resource is null
            ? Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."))
            : ExecuteAsync(resource, resourceId, commandName, argument, cancellationToken);
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(
        IResource resource, string resourceId, string commandName, int? argument, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resourceId}'.");
        }

        var logger = _loggers.GetLogger(resourceId);
        try
        {
            return await command.ExecuteCommand(new()
            {
                ServiceProvider = _services,
                ResourceName = resourceId,
                CancellationToken = cancellationToken,
                Logger = logger,
                Argument = argument,
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (CommandRefusedException exception)
        {
            // Nothing went wrong, so there is nothing to log.
            return new() { Success = false, Message = exception.Message, IsRefused = true };
        }
#pragma warning disable CA1031 // A command is foreign code: whatever it throws is its result, not the host's end.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CommandFailed(logger, commandName, exception);
            return CommandResults.Failure(exception);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The command '{CommandName}' failed.")]
    internal static partial void CommandFailed(ILogger logger, string commandName, Exception exception);
}
