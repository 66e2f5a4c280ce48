using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Configuration;

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

    /// <summary>Adds a value that configuration must give under a key of its own.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="configurationKey">The key.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(configurationKey);
        return builder.AddParameter(name, null, secret, null, configurationKey);
    }

    /// <summary>Adds a value that the app host gives itself, whatever configuration says.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published as the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">A secret would be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return builder.AddParameter(name, () => value, publishValueAsDefault, secret);
    }

    /// <summary>Adds a value that the app host gives itself, whatever configuration says.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="valueGetter">Gives the value.</param>
    /// <param name="publishValueAsDefault">Whether the value is published as the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">A secret would be published.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(valueGetter);
        return publishValueAsDefault && secret
            ? throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret))
            : builder.AddParameter(name, publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null, secret, valueGetter);
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

    /// <summary>Says what a parameter is for, for the person who is asked for it.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="enableMarkdown">Whether the text is Markdown.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(description);
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
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
        this IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault? parameterDefault,
        bool secret,
        Func<string>? given,
        string? configurationKey = null)
    {
        configurationKey ??= $"Parameters:{name}";
        return builder.AddParameter(new ParameterResource(
            name,
            value => given?.Invoke() ?? Configured(builder.Configuration, configurationKey) ?? value?.GetDefaultValue() ??
                throw new MissingParameterValueException(
                    $"Parameter resource could not be used because configuration key '{configurationKey}' is missing and the Parameter has no default value."),
            secret)
        {
            Default = parameterDefault,
            ConfigurationKey = configurationKey,
        });
    }

    internal static IResourceBuilder<T> AddParameter<T>(this IDistributedApplicationBuilder builder, T parameter)
        where T : ParameterResource => builder.AddResource(parameter).WithInitialState(new()
        {
            ResourceType = KnownResourceTypes.Parameter,
            Properties = [new(CustomResourceKnownProperties.Source, parameter.ConfigurationKey)],
            State = KnownResourceStates.Waiting,
        });

    // An environment variable's name cannot have dashes, so `Parameters__service_key` gives `service-key` its value.
    private static string? Configured(ConfigurationManager configuration, string key) => configuration[key] ?? configuration[key.Replace('-', '_')];
}

/// <summary>A default that is published as it is.</summary>
/// <param name="value">Gives the value.</param>
internal sealed class ConstantParameterDefault(Func<string> value) : ParameterDefault
{
    public override string GetDefaultValue() => value();

    public override void WriteToManifest(ManifestPublishingContext context) => context.Writer.WriteString("value", value());
}

/// <summary>A default that is made once and kept, because a database keeps the password it was made with.</summary>
internal sealed class PersistedParameterDefault(ParameterDefault inner, SecretStore secrets, string key) : ParameterDefault
{
    internal ParameterDefault Inner => inner;

    public override string GetDefaultValue() => secrets.GetOrAdd(key, inner.GetDefaultValue);

    public override void WriteToManifest(ManifestPublishingContext context) => inner.WriteToManifest(context);
}
