using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Startup;

/// <summary>The start-up gate and what opens it.</summary>
internal static class StartupExtensions
{
    public static void AddStartupGate(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StartupOptions>, StartupOptionsValidator>());
        builder.Services.AddOptions<StartupOptions>().BindConfiguration("Startup").ValidateOnStart();
        builder.Services.AddSingleton<StartupGate>();
        builder.Services.AddHostedService<StartupRunner>();
    }
}
