using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using HighAvail.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Hosting.Publishing;

/// <summary>A run of the app host that writes down how the application is deployed, and starts nothing.</summary>
internal static class PublishRun
{
    private static readonly IPublisher[] _publishers = [new ManifestPublisher()];

    /// <returns>The exit code: 1 when nothing was published.</returns>
    internal static async Task<int> RunAsync(IServiceProvider services, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await output.WriteLineAsync(await PublishAsync(services, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return 0;
        }
        catch (Exception exception) when (exception is DistributedApplicationException or InvalidOperationException or ArgumentException or FormatException)
        {
            await error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    /// <returns>What was published, and where.</returns>
    /// <exception cref="DistributedApplicationException">It is not clear what to publish, or the model cannot be published.</exception>
    internal static async Task<string> PublishAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var arguments = PublishArguments.Read(services.GetRequiredService<IConfiguration>());
        var publisher = Choose(arguments);
        if (string.IsNullOrWhiteSpace(arguments.OutputPath))
        {
            throw new DistributedApplicationException(
                "The '--output-path [path]' option was not specified even though manifest publishing was requested.");
        }

        var model = services.GetRequiredService<DistributedApplicationModel>();
        var eventing = services.GetRequiredService<IDistributedApplicationEventing>();
        await services.PublishBeforeStartAsync(model, cancellationToken).ConfigureAwait(false);
        await eventing.PublishAsync(new BeforePublishEvent(services, model), cancellationToken).ConfigureAwait(false);
        var written = await publisher
            .PublishAsync(model, services.GetRequiredService<DistributedApplicationExecutionContext>(), arguments.OutputPath, cancellationToken)
            .ConfigureAwait(false);
        await eventing.PublishAsync(new AfterPublishEvent(services, model), cancellationToken).ConfigureAwait(false);
        return $"Published {publisher.Name} to: {written}";
    }

    private static IPublisher Choose(PublishArguments arguments)
    {
        if (arguments.Publisher is { } name)
        {
            return Array.Find(_publishers, p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new DistributedApplicationException($"There is no publisher '{name}'. Known publishers: {Known(p => p.Name)}.");
        }

        if (!string.Equals(arguments.RequestedOperation, "publish", StringComparison.OrdinalIgnoreCase))
        {
            throw new DistributedApplicationException($"There is no operation '{arguments.RequestedOperation}'. Known operations: 'run', 'publish'.");
        }

        if (string.IsNullOrEmpty(arguments.Step))
        {
            throw new DistributedApplicationException($"The option '--step [name]' says what to publish. Known steps: {Known(p => p.Step)}.");
        }

        return Array.Find(_publishers, p => p.Step == arguments.Step)
            ?? throw new DistributedApplicationException($"Step '{arguments.Step}' not found in pipeline. Available steps: {Known(p => p.Step)}.");
    }

    private static string Known(Func<IPublisher, string> name) => string.Join(", ", _publishers.Select(p => $"'{name(p)}'"));
}
