using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.ServiceDefaults.Startup;

/// <summary>The start-up gate and what opens it.</summary>
internal static class StartupExtensions
{
    public static void AddStartupGate(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StartupOptions>().BindConfiguration("Startup").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<StartupGate>();
        builder.Services.AddHostedService<StartupRunner>();
    }
}
