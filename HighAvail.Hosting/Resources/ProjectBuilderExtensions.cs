using System.Globalization;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;
using HighAvail.Hosting.Resources;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectBuilderExtensions
{
    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class that the build wrote for it.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class that the build wrote for it.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="launchProfileName">The launch profile to use; <see langword="null"/> for none.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, options =>
        {
            options.ExcludeLaunchProfile = launchProfileName is null;
            options.LaunchProfileName = launchProfileName;
        });

    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class that the build wrote for it.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="configure">Says how.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject(), configure);

    /// <summary>Adds a project by its path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="projectPath">The project's file, relative to the app host's folder.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, _ => { });

    /// <summary>Adds a project by its path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="projectPath">The project's file, relative to the app host's folder.</param>
    /// <param name="launchProfileName">The launch profile to use; <see langword="null"/> for none.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName) =>
        builder.AddProject(name, projectPath, options =>
        {
            options.ExcludeLaunchProfile = launchProfileName is null;
            options.LaunchProfileName = launchProfileName;
        });

    /// <summary>Adds a project by its path.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which others find it.</param>
    /// <param name="projectPath">The project's file, relative to the app host's folder.</param>
    /// <param name="configure">Says how.</param>
    /// <returns>The project.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        return builder.AddProject(name, new ProjectByPath(Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath))), configure);
    }

    /// <summary>Says how many replicas run.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="replicas">1 or more.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ProjectResourceOptions();
        configure(options);

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        var profile = options.ExcludeLaunchProfile
            ? null
            : NamedLaunchProfile.Choose(
                name, metadata, options.LaunchProfileName, builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        if (builder.ExecutionContext.IsPublishMode)
        {
            return project.WithPublishedDefaults(profile);
        }

        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithOtlpExporter();
        if (builder.ExecutionContext.IsRunMode)
        {
            project.WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true")
                .WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple")
                .WithEnvironment(context => AddUrls(context.EnvironmentVariables, project.Resource));
        }

        return profile is null ? project : project.WithLaunchProfile(profile);
    }

    private static IResourceBuilder<ProjectResource> WithLaunchProfile(this IResourceBuilder<ProjectResource> project, NamedLaunchProfile named)
    {
        var profile = named.Profile;
        project.WithAnnotation(named);
        var schemes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var url in profile.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            var uri = ParseUrl(project.Resource.Name, named.Name, url);
            var count = schemes[uri.Scheme] = schemes.GetValueOrDefault(uri.Scheme) + 1;
            project.WithEndpoint(count == 1 ? uri.Scheme : string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}{count}"), endpoint =>
            {
                endpoint.Port = uri.Port;
                endpoint.TargetHost = HostOf(url, uri);
                endpoint.UriScheme = uri.Scheme;
                endpoint.FromLaunchProfile = true;
            });
        }

        if (profile.CommandLineArgs is { Length: > 0 } args)
        {
            project.WithArgs(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        if (Uri.TryCreate(profile.LaunchUrl, UriKind.RelativeOrAbsolute, out var launchUrl))
        {
            project.WithUrls(context =>
            {
                foreach (var url in context.Urls.Where(u => u.Endpoint?.EndpointAnnotation.FromLaunchProfile == true))
                {
                    url.Url = new Uri(new Uri(url.Url), launchUrl).ToString();
                }
            });
        }

        return project.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", named.Name);
                foreach (var (name, value) in profile.EnvironmentVariables)
                {
                    context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
                }
            }
        });
    }

    private static Uri ParseUrl(string name, string profile, string url)
    {
        // The wildcard hosts that ASP.NET Core knows are not valid in a URI.
        var plain = url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var uri)
            ? uri
            : throw new DistributedApplicationException($"The launch profile '{profile}' of '{name}' has an applicationUrl that is not a URL: '{url}'.");
    }

    private static string HostOf(string url, Uri uri) =>
        url.Contains("://*", StringComparison.Ordinal) ? "*" : url.Contains("://+", StringComparison.Ordinal) ? "+" : uri.Host;

    private static void AddUrls(Dictionary<string, object> environment, ProjectResource project)
    {
        var endpoints = project.EndpointsToListenOn();
        if (endpoints.Length == 0 || environment.ContainsKey("ASPNETCORE_URLS"))
        {
            return;
        }

        if (endpoints.FirstOrDefault(e => e.IsHttps) is { } https)
        {
            environment["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
        }

        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            urls.Append(
                $"{(urls.IsEmpty ? string.Empty : ";")}{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }

        environment["ASPNETCORE_URLS"] = urls.Build();
    }

    private sealed class ProjectByPath(string path) : IProjectMetadata
    {
        public string ProjectPath => path;
    }
}
