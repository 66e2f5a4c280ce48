using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Testing;

/// <summary>
/// One run of an app host's entry point inside of a test, on a thread of its own: it stops in <c>Build</c> until the test wants the
/// application, and in <c>Run</c> until the application has stopped.
/// </summary>
internal sealed class EntryPointRun
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _build = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal EntryPointRun(Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        var entryPoint = assembly.EntryPoint
            ?? throw new InvalidOperationException($"The assembly {assembly.GetName().Name} does not have an entry point. Give a class of the app host's project.");
        var interception = new EntryPointInterception(configure, WaitForBuild, _built.SetResult);
        new Thread(() => Invoke(entryPoint, args, interception)) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" }.Start();
    }

    /// <summary>The application as it stands when the entry point wants to build it.</summary>
    internal Task<DistributedApplicationBuilder> DescribedAsync(CancellationToken cancellationToken) => _described.Task.WaitAsync(cancellationToken);

    /// <summary>Lets the entry point go on.</summary>
    internal Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult(true);
        return _built.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the entry point without an application.</summary>
    internal async ValueTask AbandonAsync()
    {
        _build.TrySetResult(false);
        await _ended.Task.ConfigureAwait(false);
    }

    private void Invoke(MethodInfo entryPoint, string[] args, EntryPointInterception interception)
    {
        EntryPointInterception.Current = interception;
        try
        {
            var result = entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [args], null);
            (result as Task)?.GetAwaiter().GetResult();
            _described.TrySetException(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (AbandonedException)
        {
            // As asked.
        }
#pragma warning disable CA1031 // Whatever the entry point throws belongs to the test that waits for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _described.TrySetException(exception);
            _built.TrySetException(exception);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void WaitForBuild(DistributedApplicationBuilder builder)
    {
        _described.SetResult(builder);
        if (!_build.Task.GetAwaiter().GetResult())
        {
            throw new AbandonedException();
        }
    }

    private sealed class AbandonedException : Exception;
}
