using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting.Testing;

/// <summary>
/// Describes an application for a test: by the entry point of its app host, or from nothing. A test's application has a state folder of its
/// own, free ports and no dashboard, and is gone without a trace when it is disposed; any number of them run side by side.
/// </summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A class of the app host's assembly, such as the one in the namespace <c>Projects</c>.</typeparam>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it; it can be changed before it is built.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), cancellationToken);

    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A class of the app host's assembly.</typeparam>
    /// <param name="args">The command line of the app host.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <typeparam name="TEntryPoint">A class of the app host's assembly.</typeparam>
    /// <param name="args">The command line of the app host.</param>
    /// <param name="configureBuilder">Changes how the app host, and the generic host below it, are set up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A class of the app host's assembly.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, [], cancellationToken);

    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A class of the app host's assembly.</param>
    /// <param name="args">The command line of the app host.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it.</returns>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, (_, _) => { }, cancellationToken);

    /// <summary>Runs the entry point of an app host up to where it builds its application.</summary>
    /// <param name="entryPoint">A class of the app host's assembly.</param>
    /// <param name="args">The command line of the app host.</param>
    /// <param name="configureBuilder">Changes how the app host, and the generic host below it, are set up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application as its entry point described it.</returns>
    /// <exception cref="InvalidOperationException">The assembly has no entry point, or it ended without building an application.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint,
        string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var state = TemporaryState.Create();
        var run = new EntryPointRun(entryPoint.Assembly, [.. args, .. state.Arguments], (options, settings) =>
        {
            options.DisableDashboard = true;
            options.AssemblyName ??= entryPoint.Assembly.FullName;
            configureBuilder(options, settings);
            LaunchProfileArguments.AddTo(options, settings, entryPoint.Assembly);
        });
        try
        {
            return new InterceptedTestingBuilder(await run.DescribedAsync(cancellationToken).ConfigureAwait(false), run, state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Begins to describe an application from nothing.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>Describes it.</returns>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, (_, _) => { }, Assembly.GetCallingAssembly());

    /// <summary>An application that the test describes itself.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configureBuilder">Changes how the app host, and the generic host below it, are set up.</param>
    /// <returns>An application without resources.</returns>
    public static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder) =>
        Create(args, configureBuilder, Assembly.GetCallingAssembly());

    private static OwnTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, Assembly caller)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(configureBuilder);
        var state = TemporaryState.Create();
        var options = new DistributedApplicationOptions { Args = [.. args, .. state.Arguments], DisableDashboard = true, AssemblyName = caller.FullName };
        return new OwnTestingBuilder(new(options, configureBuilder), state);
    }
}
