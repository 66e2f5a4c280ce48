using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Resources.Containers;

/// <summary>What becomes of a container on this machine: there is no container engine, so it cannot start.</summary>
internal static class ContainerRun
{
    internal static Task FailAsync(ContainerResource container, ResourceNotificationService notifications)
    {
        var image = container.TryGetContainerImageName(out var name) ? $" ({name})" : string.Empty;
        return notifications.PublishUpdateAsync(container, s => s with
        {
            State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            Properties = s.Properties.WithMessage(
                $"'{container.Name}' is a container{image}, which this host publishes but does not run. Add it only when publishing " +
                "(builder.ExecutionContext.IsPublishMode) and use AddExecutable or AddConnectionString otherwise, or run the app host on Aspire " +
                "with a container engine (-p:UseAspire=true)."),
        });
    }
}
