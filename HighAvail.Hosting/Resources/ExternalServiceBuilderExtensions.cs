using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HighAvail.Hosting;

/// <summary>Adds services that others run.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service whose URL is known.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name by which others look it up.</param>
    /// <param name="url">The URL: absolute, with a path that ends with a slash, and with neither query nor fragment.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">The URL is not of this form.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, string url)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(url);
        return ExternalServiceResource.UrlIsValidForExternalService(url, out var uri, out var problem)
            ? builder.AddExternalService(name, uri)
            : throw new ArgumentException($"The external service URL '{url}' is invalid: {problem}", nameof(url));
    }

    /// <summary>Adds a service whose URL is known.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name by which others look it up.</param>
    /// <param name="uri">The URL: absolute, with a path that ends with a slash, and with neither query nor fragment.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">The URL is not of this form.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, Uri uri)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(uri);
        return builder.AddService(new(name, uri)).WithUrl(uri.ToString());
    }

    /// <summary>Adds a service whose URL is the value of a parameter.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name by which others look it up.</param>
    /// <param name="urlParameter">The parameter.</param>
    /// <returns>The service.</returns>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> urlParameter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(urlParameter);
        return builder.AddService(new(name, urlParameter.Resource));
    }

    /// <summary>Makes the health of the service that of an HTTP request to it.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="path">A path under the service's URL; its own unless given.</param>
    /// <param name="statusCode">The answer's status; 200 unless given.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">The path is not relative, or the service is not one of HTTP.</exception>
    public static IResourceBuilder<ExternalServiceResource> WithHttpHealthCheck(
        this IResourceBuilder<ExternalServiceResource> builder, string? path = null, int? statusCode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var service = builder.Resource;
        if (path is not null && !Uri.IsWellFormedUriString(path, UriKind.Relative))
        {
            throw new ArgumentException($"The path '{path}' is not a valid relative URL.", nameof(path));
        }

        if (service.Uri is { Scheme: not ("http" or "https") } uri)
        {
            throw new ArgumentException(
                $"The URL '{uri}' for external service '{service.Name}' cannot be used for HTTP health checks because it has a non-HTTP scheme.", nameof(builder));
        }

        var expected = statusCode ?? 200;
        var key = $"{service.Name}_external{(path is null ? string.Empty : $"_{path}")}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHttpClient().AddHealthChecks().Add(new(
            key, services => new ExternalServiceHealthCheck(service, path, expected, services.GetRequiredService<IHttpClientFactory>()), HealthStatus.Unhealthy, []));
        return builder.WithHealthCheck(key);
    }

    /// <summary>Injects the URL of a service that others run, for discovery by its name.</summary>
    /// <typeparam name="TDestination">The type of the resource that uses it.</typeparam>
    /// <param name="builder">The resource that uses it.</param>
    /// <param name="externalService">The service.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(externalService);
        var service = externalService.Resource;
        return builder.WithReferenceRelationship(service).WithEnvironment(async context =>
        {
            var name = EnvironmentVariableNames.Encode(service.Name).ToUpperInvariant();
            if (service.Uri is { } known)
            {
                Inject(context, builder.Resource, service, known.Scheme, name, known.ToString());
            }
            else if (context.ExecutionContext.IsPublishMode)
            {
                Inject(context, builder.Resource, service, "default", name, service.UrlParameter!);
            }
            else
            {
                // Only its value tells the scheme, by which the service is looked up.
                var uri = await UriOfParameterAsync(service, context.CancellationToken).ConfigureAwait(false);
                Inject(context, builder.Resource, service, uri.Scheme, $"{name}_{uri.Scheme.ToUpperInvariant()}", service.UrlParameter!);
            }
        });
    }

    /// <summary>Puts the URL of a service that others run into a variable.</summary>
    /// <typeparam name="T">The type of the resource.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The variable.</param>
    /// <param name="externalService">The service.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ExternalServiceResource> externalService)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(externalService);
        builder.WithReferenceRelationship(externalService.Resource);
        return externalService.Resource is { UrlParameter: { } parameter }
            ? builder.WithEnvironment(name, parameter)
            : builder.WithEnvironment(name, externalService.Resource.Uri!.ToString());
    }

    private static IResourceBuilder<ExternalServiceResource> AddService(this IDistributedApplicationBuilder builder, ExternalServiceResource service) =>
        builder.AddResource(service)
            .WithInitialState(new() { ResourceType = KnownResourceTypes.ExternalService, State = KnownResourceStates.Waiting, Properties = [] })
            .ExcludeFromManifest()
            .OnInitializeResource(BeginAsync);

    private static async Task BeginAsync(ExternalServiceResource service, InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        Uri uri;
        try
        {
            uri = service.Uri ?? await UriOfParameterAsync(service, cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            initialize.Logger.ResourceFailed(exception);
            await initialize.Notifications.PublishUpdateAsync(service, s => s with
            {
                State = new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                Properties = s.Properties.WithMessage(exception.Message),
            }).ConfigureAwait(false);
            return;
        }

        await initialize.Eventing.PublishAsync(new BeforeResourceStartedEvent(service, initialize.Services), cancellationToken).ConfigureAwait(false);
        await initialize.Notifications.PublishUpdateAsync(service, s => s with
        {
            State = KnownResourceStates.Running,
            Urls = s.Urls.Any(u => u.Url == uri.ToString()) ? s.Urls : s.Urls.Add(new(null, uri.ToString(), false)),
        }).ConfigureAwait(false);
    }

    private static async Task<Uri> UriOfParameterAsync(ExternalServiceResource service, CancellationToken cancellationToken)
    {
        var url = await service.UrlParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return ExternalServiceResource.UrlIsValidForExternalService(url, out var uri, out var problem)
            ? uri
            : throw new DistributedApplicationException(
                $"The URL parameter '{service.UrlParameter.Name}' for the external service '{service.Name}' is invalid: {problem}");
    }

    private static void Inject(
        EnvironmentCallbackContext context, IResource user, ExternalServiceResource service, string scheme, string variable, object value)
    {
        if (ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
        {
            context.EnvironmentVariables[$"services__{service.Name}__{scheme}__0"] = value;
        }

        if (ReferenceEnvironmentInjectionAnnotation.Allows(user, ReferenceEnvironmentInjectionFlags.Endpoints))
        {
            context.EnvironmentVariables[variable] = value;
        }
    }
}
