using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Draining;

/// <summary>Leaving without a failed request.</summary>
internal static class DrainingExtensions
{
    public static void AddDraining(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DrainOptions>, DrainOptionsValidator>());
        builder.Services.AddOptions<DrainOptions>()
            .BindConfiguration("Drain")
            .Validate(static o => o.ShutdownTimeout > o.Delay, "Drain:ShutdownTimeout must exceed Drain:Delay.")
            .ValidateOnStart();
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<DrainOptions>>(static (host, drain) => host.ShutdownTimeout = drain.Value.ShutdownTimeout);
        builder.Services.AddSingleton<DrainSignal>();
        builder.Services.AddHostedService<DrainService>();
    }
}
