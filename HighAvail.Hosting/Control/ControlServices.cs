using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Hosting.Control;

internal static class ControlServices
{
    /// <summary>Adds what the control API is made of. Nothing is created before it is asked for.</summary>
    internal static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton<SecretMask>();
        services.AddSingleton<ResourceDirectory>();
        services.AddSingleton<ResourceViews>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<ResourcesApi>();
        services.AddSingleton<LogsApi>();
        services.AddSingleton<CommandsApi>();
        services.AddSingleton<EventsApi>();
        services.AddSingleton<ControlApi>();
    }
}
