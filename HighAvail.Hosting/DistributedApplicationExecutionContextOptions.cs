namespace HighAvail.Hosting;

/// <summary>What an execution context is made of.</summary>
/// <param name="operation">What the app host was started for.</param>
public class DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation)
{
    /// <summary>Describes a context that publishes in a certain way.</summary>
    /// <param name="operation">What the app host was started for.</param>
    /// <param name="publisherName">What it publishes as.</param>
    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation, string publisherName)
        : this(operation) => PublisherName = publisherName;

    /// <summary>What the app host was started for.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>What it publishes as, or <see langword="null"/> for a manifest.</summary>
    public string? PublisherName { get; }

    /// <summary>The app host's services, once they are there.</summary>
    public IServiceProvider? Services { get; set; }

    /// <summary>The same as <see cref="Services"/>, by its older name.</summary>
    public IServiceProvider? ServiceProvider
    {
        get => Services;
        set => Services = value;
    }
}
