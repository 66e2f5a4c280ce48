using System.Diagnostics.CodeAnalysis;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers work that has to be done before a service is ready.</summary>
public static class StartupTaskExtensions
{
    /// <summary>Adds a task that runs after those already added and before the service is ready.</summary>
    /// <typeparam name="TTask">The task, created by dependency injection.</typeparam>
    /// <param name="builder">The builder of the service.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddStartupTask<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask>(this IHostApplicationBuilder builder)
        where TTask : class, IStartupTask
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IStartupTask, TTask>();
        return builder;
    }
}
