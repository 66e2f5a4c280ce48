namespace HighAvail.Hosting.Testing;

/// <summary>Describes an application for a test.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Makes the application.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The application, not started. Dispose it at the end of the test.</returns>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
