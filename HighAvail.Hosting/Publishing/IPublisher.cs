using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Publishing;

/// <summary>Writes down how an application is deployed.</summary>
internal interface IPublisher
{
    /// <summary>What <c>--publisher</c> calls it.</summary>
    string Name { get; }

    /// <summary>What <c>--step</c> calls it.</summary>
    string Step { get; }

    /// <summary>Writes the application.</summary>
    /// <returns>The file or folder that was written.</returns>
    /// <exception cref="DistributedApplicationException">It cannot be written, or the application is not complete; the message says what to do.</exception>
    Task<string> PublishAsync(
        DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, string outputPath, CancellationToken cancellationToken);
}
