using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;
using HighAvail.Hosting.Resources;

namespace HighAvail.Hosting;

/// <summary>Adds values that come from outside.</summary>
public static class ParameterBuilderExtensions
{
    /// <summary>Adds a value that configuration must give under <c>Parameters:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddParameter(name, null, secret, null);
    }

    /// <summary>Adds a value that configuration may give under <c>Parameters:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The value when configuration has none.</param>
    /// <param name="publishValueAsDefault">Whether the value is published as the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">A secret would be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(value);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        return builder.AddParameter(name, publishValueAsDefault ? new ConstantParameterDefault(value) : null, secret, () => value);
    }

    /// <summary>Adds a value that configuration may give under <c>Parameters:{name}</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">Where it comes from when configuration has none.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <param name="persist">Whether the default, once made, is kept for the next runs.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(value);
        var kept = persist && builder.ExecutionContext.IsRunMode && builder is DistributedApplicationBuilder { Secrets: { } secrets }
            ? new PersistedParameterDefault(value, secrets, $"Parameters:{name}")
            : value;
        return builder.AddParameter(name, kept, secret, null);
    }

    internal static ParameterResource CreateGeneratedPassword(IDistributedApplicationBuilder builder, string name, bool special = true)
    {
        var parameter = builder.AddParameter(name, new GenerateParameterDefault { Special = special }, secret: true, persist: true).Resource;
        if (builder.ExecutionContext.IsPublishMode)
        {
            // Published because the server refers to it, and so after everything that the app host added itself.
            builder.Resources.Remove(parameter);
        }

        return parameter;
    }

    private static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault? parameterDefault, bool secret, Func<string>? fallback)
    {
        var parameter = new ParameterResource(
            name,
            value => builder.Configuration[$"Parameters:{name}"] ?? fallback?.Invoke() ?? value?.GetDefaultValue() ??
                throw new MissingParameterValueException(
                    $"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing and the Parameter has no default value."),
            secret)
        {
            Default = parameterDefault,
        };
        return builder.AddResource(parameter).WithAnnotation(new ResourceSnapshotAnnotation(new()
        {
            ResourceType = "Parameter",
            Properties = [new("parameter.secret", secret)],
            State = KnownResourceStates.Waiting,
        }));
    }
}

/// <summary>A default that is published as it is.</summary>
/// <param name="value">The value.</param>
internal sealed class ConstantParameterDefault(string value) : ParameterDefault
{
    public override string GetDefaultValue() => value;

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", value);
}

/// <summary>A default that is made once and kept, because a database keeps the password it was made with.</summary>
internal sealed class PersistedParameterDefault(ParameterDefault inner, SecretStore secrets, string key) : ParameterDefault
{
    internal ParameterDefault Inner => inner;

    public override string GetDefaultValue() => secrets.GetOrAdd(key, inner.GetDefaultValue);

    public override void WriteToManifest(ManifestPublishingContext context) => inner.WriteToManifest(context);
}
