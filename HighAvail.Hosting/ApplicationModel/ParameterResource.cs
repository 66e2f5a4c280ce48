namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A value that comes from configuration (<c>Parameters:{name}</c>) or from a default.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;
    private string? _configurationKey;

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="callback">Gives the value, from the default if need be.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);

        // A missing value is asked for again: it can be given while others wait for it.
        _value = new Lazy<string>(() => callback(Default), LazyThreadSafetyMode.PublicationOnly);
        Secret = secret;
    }

    /// <summary>Where the value comes from when configuration has none.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether the value is a connection string, looked up under <c>ConnectionStrings:{name}</c>.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>What the parameter is for, for the person who is asked for it.</summary>
    public string? Description { get; set; }

    /// <summary>The manifest's expression for it.</summary>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value, waited for.</summary>
    /// <remarks>It blocks the thread, as Aspire's does, and is here for what was written against that. Nothing in here uses it.</remarks>
    [Obsolete("Use GetValueAsync, or give the parameter itself to what takes one.")]
    public string Value => GetValueAsync().AsTask().GetAwaiter().GetResult()!;

    /// <summary>Whether <see cref="Description"/> is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    internal string ConfigurationKey
    {
        get => _configurationKey ?? (IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}");
        set => _configurationKey = value;
    }

    /// <summary>Completes when a value that was missing at the start of the application was given; <see langword="null"/> when none was missing.</summary>
    internal TaskCompletionSource<string>? Missing { get; set; }

    /// <summary>The value, if it is there now.</summary>
    internal bool TryGetConfigured([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
    {
        try
        {
            value = _value.Value;
            return true;
        }
        catch (DistributedApplicationException)
        {
            value = null;
            return false;
        }
    }

    /// <summary>The value. One that is missing in a running application is waited for.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value.</returns>
    /// <exception cref="MissingParameterValueException">The application does not run, configuration has no value and there is no default.</exception>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Missing is { } missing ? await missing.Task.WaitAsync(cancellationToken).ConfigureAwait(false) : _value.Value;
}
