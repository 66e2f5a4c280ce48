using System.Net.Sockets;
using System.Text.Json;
using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>Writes resources to a manifest, the description of an application that deployment tools such as azd read.</summary>
/// <param name="executionContext">What the app host was started for.</param>
/// <param name="manifestPath">The manifest's file; paths in it are relative to its folder.</param>
/// <param name="writer">Writes the JSON.</param>
/// <param name="cancellationToken">Ends the work.</param>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    private readonly ManifestExpressions _expressions = new();
    private readonly ManifestPorts _ports = new();

    /// <summary>What the app host was started for.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The manifest's file.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Writes the JSON.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Ends the work.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path as seen from the manifest's folder, with forward slashes.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The relative path.</returns>
    /// <exception cref="DistributedApplicationException">The manifest has no folder.</exception>
    public string? GetManifestRelativePath(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(ManifestPath))
            ?? throw new DistributedApplicationException("Could not get directory name of output path");
        var native = path.Replace('\\', Path.DirectorySeparatorChar).Replace('/', Path.DirectorySeparatorChar);
        return Path.GetRelativePath(folder, native).Replace('\\', '/');
    }

    /// <summary>Writes a container.</summary>
    /// <param name="container">The container.</param>
    /// <returns>Completed when it is written.</returns>
    /// <exception cref="DistributedApplicationException">The container has no image.</exception>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        if (!container.TryGetContainerImageName(out var image))
        {
            throw new DistributedApplicationException($"Could not get the container image name for resource '{container.Name}'.");
        }

        Writer.WriteString("type", "container.v0");
        WriteConnectionString(container);
        Writer.WriteString("image", image);
        if (container.Entrypoint is not null)
        {
            Writer.WriteString("entrypoint", container.Entrypoint);
        }

        await WriteCommandLineArgumentsAsync(container).ConfigureAwait(false);
        ManifestMounts.Write(this, container);
        await WriteEnvironmentVariablesAsync(container).ConfigureAwait(false);
        WriteBindings(container);
    }

    /// <summary>Writes the connection string of a resource, if it has one.</summary>
    /// <param name="resource">The resource.</param>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: { } connectionString })
        {
            Writer.WriteString("connectionString", _expressions.Of(connectionString));
        }
    }

    /// <summary>Writes the endpoints of a resource, if it has any.</summary>
    /// <param name="resource">The resource.</param>
    public void WriteBindings(IResource resource)
    {
        var bindings = _ports.Of(resource).ToArray();
        if (bindings.Length == 0)
        {
            return;
        }

        Writer.WriteStartObject("bindings");
        foreach (var (endpoint, ports) in bindings)
        {
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol == ProtocolType.Udp ? "udp" : "tcp");
            Writer.WriteString("transport", endpoint.Transport);
            WriteNumber("port", ports.Port);
            WriteNumber("targetPort", ports.TargetPort);
            if (endpoint.IsExternal)
            {
                Writer.WriteBoolean("external", true);
            }

            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the environment of a resource, if it has one.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Completed when it is written.</returns>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var context = new EnvironmentCallbackContext(ExecutionContext, resource, cancellationToken: CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.EnvironmentVariables.Count == 0)
        {
            return;
        }

        Writer.WriteStartObject("env");
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            Writer.WriteString(name, _expressions.Of(value));
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the arguments of a resource, if it has any.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Completed when they are written.</returns>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        var context = new CommandLineArgsCallbackContext([], resource, CancellationToken) { ExecutionContext = ExecutionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.Args.Count == 0)
        {
            return;
        }

        Writer.WriteStartArray("args");
        foreach (var value in context.Args)
        {
            Writer.WriteStringValue(_expressions.Of(value));
        }

        Writer.WriteEndArray();
    }

    /// <summary>Makes sure that whatever a value refers to has an entry in the manifest.</summary>
    /// <param name="value">The value.</param>
    public void TryAddDependentResources(object? value) => _expressions.Register(value);

    /// <summary>Writes the whole application.</summary>
    internal async Task WriteModel(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        _expressions.Reserve(model.Resources);
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        foreach (var resource in _expressions.ReferencedBeside(model.Resources))
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        foreach (var parameter in _expressions.EncodedParameters)
        {
            WriteEncoded(parameter);
        }

        foreach (var (name, conditional) in _expressions.Conditionals)
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "value.v0");
            Writer.WriteString("connectionString", await conditional.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? string.Empty);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one resource, under its name.</summary>
    internal async Task WriteResourceAsync(IResource resource)
    {
        Func<Task>? write = resource switch
        {
            _ when resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own) => own.Callback is { } callback ? () => callback(this) : null,
            ContainerResource container => () => WriteContainerAsync(container),
            ProjectResource project => () => WriteProjectAsync(project),
            ExecutableResource executable => () => WriteExecutableAsync(executable),
            ParameterResource parameter => () => ManifestParameters.WriteAsync(this, parameter),
            IResourceWithConnectionString value => () => WriteValueAsync(value),
            _ => WriteErrorAsync,
        };
        if (write is not null)
        {
            Writer.WriteStartObject(resource.Name);
            await write().ConfigureAwait(false);
            Writer.WriteEndObject();
        }

        if (resource is ParameterResource encoded)
        {
            WriteEncoded(encoded);
        }
    }

    private async Task WriteProjectAsync(ProjectResource project)
    {
        Writer.WriteString("type", "project.v0");
        Writer.WriteString("path", GetManifestRelativePath(project.GetProjectMetadata().ProjectPath));
        await WriteCommandLineArgumentsAsync(project).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(project).ConfigureAwait(false);
        WriteBindings(project);
    }

    private async Task WriteExecutableAsync(ExecutableResource executable)
    {
        Writer.WriteString("type", "executable.v0");
        WriteConnectionString(executable);
        Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
        Writer.WriteString("command", executable.Command);
        await WriteCommandLineArgumentsAsync(executable).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(executable).ConfigureAwait(false);
        WriteBindings(executable);
    }

    private Task WriteValueAsync(IResourceWithConnectionString resource)
    {
        Writer.WriteString("type", "value.v0");
        WriteConnectionString(resource);
        return Task.CompletedTask;
    }

    private Task WriteErrorAsync()
    {
        Writer.WriteString("error", "This resource does not support generation in the manifest.");
        return Task.CompletedTask;
    }

    private void WriteEncoded(ParameterResource parameter)
    {
        foreach (var (name, format) in _expressions.TakeEncoded(parameter))
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "annotated.string");
            Writer.WriteString("value", parameter.ValueExpression);
            Writer.WriteString("filter", format);
            Writer.WriteEndObject();
        }
    }

    private void WriteNumber(string property, int? value)
    {
        if (value is { } number)
        {
            Writer.WriteNumber(property, number);
        }
    }
}
