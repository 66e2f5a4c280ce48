using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>Says in the snapshots of resources what can be done with them.</summary>
internal static partial class CommandSnapshots
{
    /// <summary>The snapshot with the commands of its resource; the very same one if they are what it says already.</summary>
    internal static CustomResourceSnapshot Complete(CustomResourceSnapshot snapshot, IResource resource, IServiceProvider services, ILogger logger)
    {
        var commands = ImmutableArray.CreateBuilder<ResourceCommandSnapshot>();
        foreach (var command in resource.Annotations.OfType<ResourceCommandAnnotation>())
        {
            commands.Add(new(
                command.Name,
                StateOf(command, snapshot, resource, services, logger),
                command.DisplayName,
                command.DisplayDescription,
                command.Parameter,
                command.ConfirmationMessage,
                command.IconName,
                command.IconVariant,
                command.IsHighlighted));
        }

        // What a snapshot says of commands that the resource does not have stays: whoever published it knows of them.
        return commands.Count == 0 || commands.SequenceEqual(snapshot.Commands) ? snapshot : snapshot with { Commands = commands.ToImmutable() };
    }

    private static ResourceCommandState StateOf(
        ResourceCommandAnnotation command, CustomResourceSnapshot snapshot, IResource resource, IServiceProvider services, ILogger logger)
    {
        try
        {
            return command.UpdateState(new() { ResourceSnapshot = snapshot, ServiceProvider = services });
        }
        catch (Exception exception)
        {
            // The state of the resource matters more than that of a command.
            LogStateUnknown(logger, command.Name, resource.Name, exception);
            return ResourceCommandState.Disabled;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of command '{Command}' of resource '{Resource}' is unknown.")]
    private static partial void LogStateUnknown(ILogger logger, string command, string resource, Exception exception);
}
