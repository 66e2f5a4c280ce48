using System.Globalization;
using System.Net.Sockets;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;
using HighAvail.Hosting.Resources;

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
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        return builder.AddProject(name, new ProjectByPath(Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath))), _ => { });
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
            : NamedLaunchProfile.Choose(metadata, options.LaunchProfileName, builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        if (builder.ExecutionContext.IsPublishMode)
        {
            return project.WithPublishedDefaults(profile);
        }

        if (profile is not null)
        {
            project.WithAnnotation(profile);
            foreach (var url in profile.Profile.Urls)
            {
                project.WithAnnotation(FromLaunchProfile(name, profile.Name, url));
            }

            if (profile.Profile.CommandLineArgs is { Length: > 0 } args)
            {
                project.WithArgs(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return project.WithEnvironment(context => AddDefaults(context, project.Resource, profile, builder.Environment.EnvironmentName));
    }

    private static EndpointAnnotation FromLaunchProfile(string name, string profile, string url)
    {
        // The wildcard hosts that ASP.NET Core knows are not valid in a URI.
        if (!Uri.TryCreate(url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri))
        {
            throw new DistributedApplicationException($"The launch profile '{profile}' of '{name}' has an applicationUrl that is not a URL: '{url}'.");
        }

        return new(ProtocolType.Tcp, uri.Scheme, port: uri.Port) { FromLaunchProfile = true, TargetHost = uri.Host };
    }

    private static void AddDefaults(EnvironmentCallbackContext context, ProjectResource project, NamedLaunchProfile? profile, string environmentName)
    {
        var environment = context.EnvironmentVariables;
        var endpoints = project.GetEndpoints().Where(e => e.IsHttp || e.IsHttps).ToArray();
        if (context.ExecutionContext.IsRunMode)
        {
            environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
            environment["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
            if (endpoints.FirstOrDefault(e => e.IsHttps) is { } https)
            {
                environment.TryAdd("ASPNETCORE_HTTPS_PORT", https.Property(EndpointProperty.Port));
            }

            if (endpoints.Length > 0)
            {
                environment.TryAdd("ASPNETCORE_URLS", Urls(endpoints));
            }

            if (profile is null)
            {
                environment.TryAdd("ASPNETCORE_ENVIRONMENT", environmentName);
                return;
            }

            environment.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.Profile.EnvironmentVariables)
            {
                environment.TryAdd(name, value);
            }
        }
    }

    private static ReferenceExpression Urls(EndpointReference[] endpoints)
    {
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            urls.AppendLiteral(string.Create(
                CultureInfo.InvariantCulture, $"{(urls.IsEmpty ? string.Empty : ";")}{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:"));
            urls.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        return urls.Build();
    }

    private sealed class ProjectByPath(string path) : IProjectMetadata
    {
        public string ProjectPath => path;
    }
}
