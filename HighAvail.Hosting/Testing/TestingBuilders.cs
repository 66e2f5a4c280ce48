using System.Reflection;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Testing;

/// <summary>A builder whose application takes its state folder with it when it is disposed.</summary>
internal abstract class TestingBuilder(DistributedApplicationBuilder inner, TemporaryState state) : IDistributedApplicationTestingBuilder
{
    private bool _built;

    public ConfigurationManager Configuration => inner.Configuration;

    public string AppHostDirectory => inner.AppHostDirectory;

    public Assembly? AppHostAssembly => inner.AppHostAssembly;

    public IHostEnvironment Environment => inner.Environment;

    public IServiceCollection Services => inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

    public IDistributedApplicationEventing Eventing => inner.Eventing;

    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => inner.CreateResourceBuilder(resource);

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        var application = await BuildCoreAsync(cancellationToken).ConfigureAwait(false);
        _built = true;
        application.Disposed += state.Dispose;
        return application;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        // A built application outlives its builder, and the folder goes with it.
        if (!_built)
        {
            await AbandonAsync().ConfigureAwait(false);
            state.Dispose();
        }
    }

    protected abstract Task<DistributedApplication> BuildCoreAsync(CancellationToken cancellationToken);

    protected abstract ValueTask AbandonAsync();
}

/// <summary>An application described in the test itself.</summary>
internal sealed class OwnTestingBuilder(DistributedApplicationBuilder inner, TemporaryState state) : TestingBuilder(inner, state)
{
    private readonly DistributedApplicationBuilder _inner = inner;

    protected override Task<DistributedApplication> BuildCoreAsync(CancellationToken cancellationToken) => Task.FromResult(_inner.Build());

    protected override ValueTask AbandonAsync() => ValueTask.CompletedTask;
}

/// <summary>An application described by the entry point of an app host, which waits in its call of Build.</summary>
internal sealed class InterceptedTestingBuilder(DistributedApplicationBuilder inner, EntryPointRun run, TemporaryState state) : TestingBuilder(inner, state)
{
    protected override Task<DistributedApplication> BuildCoreAsync(CancellationToken cancellationToken) => run.BuildAsync(cancellationToken);

    protected override ValueTask AbandonAsync() => run.AbandonAsync();
}
