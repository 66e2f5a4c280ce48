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
/// <param name="operation">What it was started for.</param>
/// <param name="publisherName">What it publishes as.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName = "manifest")
{
    private IServiceProvider? _services;

    /// <summary>What the app host was started for.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>What it publishes as.</summary>
    public string PublisherName { get; set; } = publisherName;

    /// <summary>Whether it runs the application on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether it writes down how the application is deployed.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>The app host's services.</summary>
    /// <exception cref="InvalidOperationException">The application was not built yet.</exception>
    public IServiceProvider ServiceProvider
    {
        get => _services ?? throw new InvalidOperationException("IServiceProvider is not available because the application has not been built yet.");
        internal set => _services = value;
    }

    /// <summary>The app host's services, or <see langword="null"/> before the application was built.</summary>
    internal IServiceProvider? ServicesIfBuilt => _services;
}
