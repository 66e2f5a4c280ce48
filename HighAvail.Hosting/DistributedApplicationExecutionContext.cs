namespace HighAvail.Hosting;

/// <summary>What the app host was started for.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>To run the application on this machine.</summary>
    Run,

    /// <summary>To write down how it is deployed.</summary>
    Publish,
}

/// <summary>The mode in which the app host works.</summary>
/// <param name="options">What it was started for, and its services.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationExecutionContextOptions options)
{
    /// <summary>A context of which only the mode matters.</summary>
    /// <param name="operation">What the app host was started for.</param>
    /// <param name="publisherName">What it publishes as.</param>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName = "manifest")
        : this(new DistributedApplicationExecutionContextOptions(operation, publisherName))
    {
    }

    /// <summary>What the app host was started for.</summary>
    public DistributedApplicationOperation Operation { get; } = options.Operation;

    /// <summary>What it publishes as.</summary>
    public string PublisherName { get; set; } = options.PublisherName ?? "manifest";

    /// <summary>Whether it runs the application on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether it writes down how the application is deployed.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>The app host's services.</summary>
    /// <exception cref="InvalidOperationException">The application was not built yet.</exception>
    public IServiceProvider Services =>
        ServicesIfBuilt ?? throw new InvalidOperationException("IServiceProvider is not available because the application has not been built yet.");

    /// <summary>The same as <see cref="Services"/>, by its older name.</summary>
    public IServiceProvider ServiceProvider => Services;

    /// <summary>The app host's services, or <see langword="null"/> before the application was built.</summary>
    internal IServiceProvider? ServicesIfBuilt => options.Services;
}
