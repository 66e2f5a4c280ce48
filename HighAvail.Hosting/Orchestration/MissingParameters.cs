using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Parameters without a value: what needs one waits and says for which, everything else goes on.</summary>
internal sealed class MissingParameters(IServiceProvider services, ResourceNotificationService notifications, IConfiguration configuration) : IDisposable
{
    private readonly List<ParameterResource> _missing = [];
    private readonly List<IDisposable> _watches = [];
    private readonly Lock _lock = new();

    public void Dispose()
    {
        lock (_lock)
        {
            _watches.ForEach(w => w.Dispose());
            _watches.Clear();
        }
    }

    /// <summary>Publishes that a parameter has its value, or that it is missing.</summary>
    internal async Task BeginAsync(ParameterResource parameter, CancellationToken cancellationToken)
    {
        try
        {
            await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
            await PublishValueAsync(parameter).ConfigureAwait(false);
        }
        catch (MissingParameterValueException exception)
        {
            parameter.Missing = new(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _missing.Add(parameter);
                Watch();
            }

            await notifications.PublishUpdateAsync(parameter, s => s with
            {
                State = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
                Properties = s.Properties.WithMessage(exception.Message),
            }).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The app host's own code gives the value: whatever it throws concerns those that need the value, not the whole start. Where
        // the host's own file of secrets is at fault, nothing starts: it says what helps, and everything that is generated depends on it.
        catch (Exception exception) when (exception is not (OperationCanceledException or DistributedApplicationException or IOException or UnauthorizedAccessException))
#pragma warning restore CA1031
        {
            await notifications.PublishUpdateAsync(parameter, s => s with
            {
                State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                Properties = s.Properties.WithMessage(exception.Message),
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until everything that a resource is given has a value.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="tell">Publishes what it waits for.</param>
    /// <param name="logger">Its log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task WaitAsync(IResource resource, Func<string, Task> tell, ILogger logger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_missing.Count == 0)
            {
                return;
            }
        }

        var executionContext = services.GetRequiredService<DistributedApplicationExecutionContext>();
        var variables = await ProcessEnvironment.VariablesAsync(resource, executionContext, logger, cancellationToken).ConfigureAwait(false);
        var arguments = await ProcessEnvironment.ArgumentValuesAsync(resource, executionContext, logger, cancellationToken).ConfigureAwait(false);
        foreach (var parameter in ResourceReferences.In([resource, .. variables.Values, .. arguments]).OfType<ParameterResource>())
        {
            if (parameter.Missing is { Task.IsCompleted: false } missing)
            {
                await tell($"Waiting for a value of parameter '{parameter.Name}': set {parameter.ConfigurationKey} in appsettings.json, which is read again at once, or start with --{parameter.ConfigurationKey}=….").ConfigureAwait(false);
                await missing.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Files are not watched otherwise, because that costs time at every start.
    private void Watch()
    {
        if (_watches.Count > 0)
        {
            return;
        }

        var files = services.GetRequiredService<IHostEnvironment>().ContentRootFileProvider;
        _watches.Add(ChangeToken.OnChange(() => files.Watch("appsettings*.json"), () => (configuration as IConfigurationRoot)?.Reload()));
        _watches.Add(ChangeToken.OnChange(configuration.GetReloadToken, LookAgain));
    }

    private void LookAgain()
    {
        ParameterResource[] missing;
        lock (_lock)
        {
            missing = [.. _missing];
        }

        foreach (var parameter in missing)
        {
            if (parameter.TryGetConfigured(out var value))
            {
                lock (_lock)
                {
                    _missing.Remove(parameter);
                }

                parameter.Missing!.TrySetResult(value);
                _ = PublishValueAsync(parameter);
            }
        }
    }

    private Task PublishValueAsync(ParameterResource parameter) => notifications.PublishUpdateAsync(parameter, s => s with
    {
        State = KnownResourceStates.Running,
        Properties = s.Properties.WithMessage(null),
    });
}
