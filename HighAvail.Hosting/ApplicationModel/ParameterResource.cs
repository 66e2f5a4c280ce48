namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A value that comes from configuration (<c>Parameters:{name}</c>) or from a default.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Creates a parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="callback">Gives the value, from the default if need be.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _value = new Lazy<string>(() => callback(Default));
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

    internal string ConfigurationKey => IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}";

    /// <summary>The value.</summary>
    /// <param name="cancellationToken">Not used: the value is there or it is missing.</param>
    /// <returns>The value.</returns>
    /// <exception cref="MissingParameterValueException">Configuration has no value and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value.Value);
}

/// <summary>A parameter has neither a configured value nor a default.</summary>
/// <param name="message">Which one, and where to set it.</param>
public sealed class MissingParameterValueException(string message) : DistributedApplicationException(message);
