namespace HighAvail.Dashboard.Control;

internal static class ControlExtensions
{
    /// <summary>Adds the connection to the host that started the dashboard, or whose <c>host.json</c> it was told.</summary>
    internal static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<HostConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<HostConnection>());
        services.AddSingleton<HostEvents>();
        services.AddHostedService(provider => provider.GetRequiredService<HostEvents>());
        services.AddSingleton<ProcessUsage>();
        services.AddScoped<CommandRuns>();
    }
}
