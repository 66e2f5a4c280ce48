using HighAvail.ServiceDefaults.Health;
using HighAvail.ServiceDefaults.Redis;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Redis clients, with the names and settings of .NET Aspire's integration.</summary>
public static class RedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Adds a singleton <see cref="IConnectionMultiplexer"/> that connects when it is first used, or some seconds after the service is ready, and keeps trying; and its health check.
    /// </summary>
    /// <param name="builder">The builder of the service.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureOptions">Changes the options of the connection.</param>
    /// <remarks>Resolving the multiplexer while the first attempt to connect is still under way waits for that attempt, one second at most.</remarks>
    /// <exception cref="InvalidOperationException">When the multiplexer is created: there is no connection string.</exception>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>Adds a keyed singleton <see cref="IConnectionMultiplexer"/>, as <see cref="AddRedisClient"/> does without a key.</summary>
    /// <param name="builder">The builder of the service.</param>
    /// <param name="name">The name of the connection string and the key of the service.</param>
    /// <param name="configureSettings">Changes the settings after they were read from configuration.</param>
    /// <param name="configureOptions">Changes the options of the connection.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var settings = ReadSettings(builder.Configuration, name);
        configureSettings?.Invoke(settings);

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        builder.Services.AddOptions<RedisOptions>().BindConfiguration("Redis").ValidateOnStart();
        builder.Services.AddKeyedSingleton(name, (services, _) => new RedisConnection(
            () => CreateOptions(services, name, settings, configureOptions),
            services.GetRequiredService<StartupGate>(),
            services.GetRequiredService<IOptions<RedisOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RedisConnection>>()));
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<RedisConnection>(name));

        if (serviceKey is null)
        {
            builder.Services.TryAddSingleton<IConnectionMultiplexer>(services => Resolve(services, name));
        }
        else
        {
            builder.Services.TryAddKeyedSingleton<IConnectionMultiplexer>(serviceKey, (services, _) => Resolve(services, name));
        }

        if (!settings.DisableHealthChecks)
        {
            AddHealthCheck(builder.Services, name, serviceKey);
        }
    }

    private static StackExchangeRedisSettings ReadSettings(IConfiguration configuration, string name)
    {
        var settings = new StackExchangeRedisSettings();
        configuration.GetSection(Section).Bind(settings);
        configuration.GetSection($"{Section}:{name}").Bind(settings);
        if (configuration.GetConnectionString(name) is { Length: > 0 } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }

    // A constructor cannot await. The first attempt is over within the connect time-out.
    private static ConnectionMultiplexer Resolve(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<RedisConnection>(name).ConnectAsync().GetAwaiter().GetResult();

    private static ConfigurationOptions CreateOptions(
        IServiceProvider services, string name, StackExchangeRedisSettings settings, Action<ConfigurationOptions>? configure)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"There is no connection string for '{name}': set 'ConnectionStrings:{name}', or 'ConnectionString' in section '{Section}' or '{Section}:{name}'.");
        }

        var limits = services.GetRequiredService<IOptions<RedisOptions>>().Value;
        var options = ConfigurationOptions.Parse(settings.ConnectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)limits.ConnectTimeout.TotalMilliseconds;
        options.AsyncTimeout = options.SyncTimeout = (int)limits.CommandTimeout.TotalMilliseconds;
        // Without a connection a command fails at once, instead of waiting for one until its time-out.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        configure?.Invoke(options);
        return options;
    }

    private static void AddHealthCheck(IServiceCollection services, string name, string? serviceKey)
    {
        RedisHealthCheck? check = null;
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            serviceKey is null ? "redis" : $"redis_{serviceKey}",
            provider => LazyInitializer.EnsureInitialized(
                ref check, () => new RedisHealthCheck(provider.GetRequiredKeyedService<RedisConnection>(name))),
            HealthStatus.Degraded,
            tags: null,
            HealthExtensions.CheckTimeout));
    }
}
