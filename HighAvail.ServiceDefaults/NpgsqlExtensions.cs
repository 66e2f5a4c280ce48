using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Health;
using HighAvail.ServiceDefaults.Postgres;
using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Postgres clients, with the names and settings of .NET Aspire's integration.</summary>
public static class NpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Adds a singleton <see cref="NpgsqlDataSource"/> with a small pool, its health check, traces and metrics.</summary>
    /// <param name="builder">The builder of the service.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureDataSourceBuilder">Changes how the data source is built.</param>
    /// <remarks>The connection string is looked up when the data source is first resolved; <see cref="InvalidOperationException"/> is thrown then if there is none.</remarks>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlSlimDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>Adds a keyed singleton <see cref="NpgsqlDataSource"/>, as <see cref="AddNpgsqlDataSource"/> does without a key.</summary>
    /// <param name="builder">The builder of the service.</param>
    /// <param name="name">The name of the connection string and the key of the service.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureDataSourceBuilder">Changes how the data source is built.</param>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlSlimDataSourceBuilder>? configureDataSourceBuilder = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureDataSourceBuilder);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<NpgsqlSettings>? configureSettings,
        Action<NpgsqlSlimDataSourceBuilder>? configureDataSourceBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var settings = ReadSettings(builder.Configuration, name);
        configureSettings?.Invoke(settings);

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        builder.Services.AddOptions<PostgresOptions>().BindConfiguration("Postgres").ValidateOnStart();

        NpgsqlDataSource Create(IServiceProvider services) =>
            CreateDataSource(services, builder.Environment.ApplicationName, name, settings, configureDataSourceBuilder);

        if (serviceKey is null)
        {
            builder.Services.TryAddSingleton(Create);
        }
        else
        {
            builder.Services.TryAddKeyedSingleton(serviceKey, (services, _) => Create(services));
        }

        builder.Services.AddSingleton(services => new PostgresClient(() => Resolve(services, serviceKey)));

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder.Services, name, serviceKey);
        }

        if (builder.IsExporting())
        {
            AddTelemetry(builder.Services, settings);
        }
    }

    private static NpgsqlSettings ReadSettings(IConfiguration configuration, string name)
    {
        var settings = new NpgsqlSettings();
        configuration.GetSection(Section).Bind(settings);
        configuration.GetSection($"{Section}:{name}").Bind(settings);
        if (configuration.GetConnectionString(name) is { Length: > 0 } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }

    private static NpgsqlDataSource CreateDataSource(
        IServiceProvider services,
        string applicationName,
        string name,
        NpgsqlSettings settings,
        Action<NpgsqlSlimDataSourceBuilder>? configure)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"There is no connection string for '{name}': set 'ConnectionStrings:{name}', or 'ConnectionString' in section '{Section}' or '{Section}:{name}'.");
        }

        var options = services.GetRequiredService<IOptions<PostgresOptions>>().Value;
        var dataSource = new NpgsqlSlimDataSourceBuilder(PostgresConnectionString.WithDefaults(settings.ConnectionString, options, applicationName));
        dataSource.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        dataSource.EnableTransportSecurity().EnableArrays().EnableJsonTypes();
        configure?.Invoke(dataSource);
        return dataSource.Build();
    }

    private static NpgsqlDataSource Resolve(IServiceProvider services, string? serviceKey) => serviceKey is null
        ? services.GetRequiredService<NpgsqlDataSource>()
        : services.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey);

    private static void AddHealthCheck(IServiceCollection services, string name, string? serviceKey)
    {
        PostgresHealthCheck? check = null;
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            serviceKey is null ? "postgres" : $"postgres_{serviceKey}",
            provider => LazyInitializer.EnsureInitialized(ref check, () => new PostgresHealthCheck(Resolve(provider, serviceKey))),
            HealthStatus.Degraded,
            tags: null,
            HealthExtensions.CheckTimeout));
    }

    private static void AddTelemetry(IServiceCollection services, NpgsqlSettings settings)
    {
        if (!settings.DisableTracing)
        {
            services.AddOpenTelemetry().WithTracing(static tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddNpgsqlInstrumentation());
        }
    }
}
