using System.Reflection;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting;

/// <summary>Describes an application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The app host's configuration: files, environment, command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the app host's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>The assembly that describes the application.</summary>
    Assembly? AppHostAssembly => null;

    /// <summary>The app host's environment (Development …).</summary>
    IHostEnvironment Environment { get; }

    /// <summary>The app host's own services.</summary>
    IServiceCollection Services { get; }

    /// <summary>What the app host was started for.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>Lets code take part in the life of the application.</summary>
    IDistributedApplicationEventing Eventing { get; }

    /// <summary>The resources described so far.</summary>
    IResourceCollection Resources { get; }

    /// <summary>Adds a resource.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>Describes it further.</returns>
    /// <exception cref="DistributedApplicationException">Another resource has this name.</exception>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>Describes a resource further without adding it.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <returns>Describes it further.</returns>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Makes the application.</summary>
    /// <returns>The application, not started.</returns>
    /// <exception cref="DistributedApplicationException">The description is contradictory.</exception>
    DistributedApplication Build();
}
