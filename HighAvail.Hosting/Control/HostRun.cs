using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Dashboard;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.Hosting.Control;

/// <summary>A run of the app host in a terminal: starts, says how far it is, and stops when someone asks for it.</summary>
internal static class HostRun
{
    /// <returns>The exit code: 1 when the application could not start.</returns>
    internal static async Task<int> RunAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        var services = application.Services;
        var directories = services.GetRequiredService<HostDirectories>();
        Console.WriteLine($"HighAvail {typeof(HostRun).Assembly.GetName().Version?.ToString(3)}");
        Console.WriteLine("Distributed application starting.");
        Console.WriteLine($"Application host directory is: {directories.AppHost}");
        using var signals = new StopSignals(services.GetRequiredService<IHostApplicationLifetime>(), () =>
        {
            Console.WriteLine("Killing everything.");
            _ = Task.Run(services.GetRequiredService<ApplicationOrchestrator>().KillAsync);
        }, cancellationToken);
        using var report = new StartReport(services.GetRequiredService<DistributedApplicationModel>(), Console.Out);
        try
        {
            await application.StartAsync(signals.Stopping).ConfigureAwait(false);
            if (services.GetRequiredService<DashboardAccess>() is { LoginUrl: { } login, Resource: { } dashboard })
            {
                Console.WriteLine($"Now listening on: {dashboard.Address.GetLeftPart(UriPartial.Authority)}");
                Console.WriteLine($"Login to the dashboard at {login}");
            }

            if (!await report.UntilReadyAsync(application.ResourceNotifications, signals.Stopping).ConfigureAwait(false))
            {
                await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
                return 1;
            }

            // Before it is said: whatever crashes from then on is told.
            var following = report.FollowAsync(application.ResourceNotifications, signals.Stopping);
            Console.WriteLine($"See it: {HostInvocation.Of(directories, "ps")}   All commands: {HostInvocation.Of(directories, "--help")}");
            Console.WriteLine("Distributed application started. Press Ctrl+C to shut down.");
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            // Stopped while it started.
        }
        catch (Exception exception) when (exception is DistributedApplicationException or PortUnavailableException or InvalidOperationException or OptionsValidationException or IOException or UnauthorizedAccessException)
        {
            var beside = exception is PortUnavailableException ? $" Or take free ones: {HostInvocation.Beside(directories)}" : string.Empty;
            var message = exception switch
            {
                UnauthorizedAccessException denied => StateAccess.Message(denied, directories.State),
                _ when DiskSpace.IsExhausted(exception) => DiskSpace.Message(directories.State),
                _ => exception.Message,
            };
            await Console.Error.WriteLineAsync($"error: {message}{beside}").ConfigureAwait(false);
            await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return 1;
        }

        var began = TimeProvider.System.GetTimestamp();
        Console.WriteLine("Stopping.");
        await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        Console.WriteLine($"Stopped in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s.");
        return 0;
    }
}
