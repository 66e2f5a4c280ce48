using System.Collections;
using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Puts together what a replica's process is given: what it inherits from the host, and what the model says.</summary>
internal static class ProcessEnvironment
{
    // What belongs to the app host alone: its own addresses, its parameters (secrets), and what `dotnet run` told it about itself.
    private static readonly string[] _ownPrefixes =
        ["ASPNETCORE_", "ASPIRE_", "Parameters__", "ConnectionStrings__", "services__", "HighAvail__", "MSBUILD", "DOTNET_CLI_", "Kestrel__"];

    private static readonly HashSet<string> _ownNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "DOTNET_URLS", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "OTEL_SERVICE_NAME",
        "OTEL_RESOURCE_ATTRIBUTES", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID",
    };

    /// <summary>The host's environment without what belongs to the host.</summary>
    internal static Dictionary<string, string> Inherited()
    {
        var inherited = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!_ownNames.Contains(name) && !_ownPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase)))
            {
                inherited[name] = (string?)variable.Value ?? string.Empty;
            }
        }

        return inherited;
    }

    /// <summary>Somebody who asks from outside of a running application.</summary>
    internal static ValueProviderContext Outside(IResource resource, DistributedApplicationOperation operation) =>
        new() { Caller = resource, ExecutionContext = new(operation) };

    /// <summary>What the model says about the environment of a resource, for one replica.</summary>
    /// <exception cref="DistributedApplicationException">A value is not there and must be.</exception>
    internal static async Task<Dictionary<string, string>> EvaluateAsync(
        IResource resource, ValueProviderContext caller, ILogger logger, CancellationToken cancellationToken)
    {
        var evaluated = new Dictionary<string, string>();
        foreach (var (name, value) in await VariablesAsync(resource, caller.ExecutionContext!, logger, cancellationToken).ConfigureAwait(false))
        {
            if (await ResolveAsync(value, caller, cancellationToken).ConfigureAwait(false) is { } text)
            {
                evaluated[name] = text;
            }
        }

        return evaluated;
    }

    /// <summary>What the model says about the environment of a resource, not yet resolved.</summary>
    internal static async Task<Dictionary<string, object>> VariablesAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger logger, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken) { Logger = logger };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return context.EnvironmentVariables;
    }

    /// <summary>What the model says about the arguments of a resource, not yet resolved.</summary>
    internal static async Task<IList<object>> ArgumentValuesAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, ILogger logger, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { Logger = logger, ExecutionContext = executionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return context.Args;
    }

    /// <summary>What the model says about the arguments of a resource, for one replica.</summary>
    internal static async Task<List<string>> ArgumentsAsync(
        IResource resource, ValueProviderContext caller, ILogger logger, CancellationToken cancellationToken)
    {
        var evaluated = new List<string>();
        foreach (var value in await ArgumentValuesAsync(resource, caller.ExecutionContext!, logger, cancellationToken).ConfigureAwait(false))
        {
            if (await ResolveAsync(value, caller, cancellationToken).ConfigureAwait(false) is { } text)
            {
                evaluated.Add(text);
            }
        }

        return evaluated;
    }

    private static async ValueTask<string?> ResolveAsync(object? value, ValueProviderContext caller, CancellationToken cancellationToken) => value switch
    {
        null => null,
        string text => text,
        IManifestExpressionProvider expression when caller.ExecutionContext!.IsPublishMode => expression.ValueExpression,
        IValueProvider provider => await provider.GetValueAsync(caller, cancellationToken).ConfigureAwait(false),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(caller, cancellationToken).ConfigureAwait(false),
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"Unexpected value \"{value}\" of type {value.GetType()}: an environment variable or argument is a string or a value provider."),
    };
}
