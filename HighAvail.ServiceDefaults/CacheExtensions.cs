using System.Reflection;
using HighAvail.ServiceDefaults.Caching;
using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the cache.</summary>
public static class CacheExtensions
{
    /// <summary>
    /// Adds an <see cref="IFusionCache"/>: the memory of the replica first, then Redis, which every replica shares. Only for what never changes or may
    /// be a second stale. Without Redis it goes on with the memory alone; nothing fails, and nobody waits longer than a quarter of a second.
    /// </summary>
    /// <param name="builder">The builder of a service that has added its <see cref="IConnectionMultiplexer"/>.</param>
    /// <param name="release">The service's assembly: what another build of it has cached is not taken, since it may lack what this one shows.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddCache(this IHostApplicationBuilder builder, Assembly release)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(release);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        builder.Services.AddOptions<CacheOptions>().BindConfiguration("Cache").ValidateOnStart();
        builder.Services.AddOptions<FusionCacheOptions>().Configure<IOptions<CacheOptions>>(static (options, cache) =>
        {
            options.DistributedCacheCircuitBreakerDuration = cache.Value.RedisBreak;
            // Nothing that was missed while Redis was away is worth being made up for.
            options.EnableAutoRecovery = false;
            options.DisableTagging = true;
            options.DefaultEntryOptions = new FusionCacheEntryOptions
            {
                Size = 1,
                AllowBackgroundDistributedCacheOperations = true,
                // What cannot be read is missing rather than wrong.
                ReThrowSerializationExceptions = false,
            };
        });
        builder.Services.AddFusionCache()
            .WithCacheKeyPrefix($"{builder.Environment.ApplicationName}:{release.ManifestModule.ModuleVersionId:N}:")
            .WithMemoryCache(static services => new MemoryCache(new MemoryCacheOptions
            {
                SizeLimit = services.GetRequiredService<IOptions<CacheOptions>>().Value.MaxEntries,
            }))
            .WithSerializer(static services => new JsonCacheSerializer(services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions))
            .WithDistributedCache(CreateRedisCache);
        if (builder.IsExporting())
        {
            builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter(FusionCacheDiagnostics.MeterName));
        }

        return builder;
    }

    private static IDistributedCache CreateRedisCache(IServiceProvider services) => new PromptDistributedCache(
        new RedisCache(new RedisCacheOptions
        {
            // Resolving it waits while the first attempt to connect is under way: not here, where the reader's patience is short.
            ConnectionMultiplexerFactory = () => Task.Run(services.GetRequiredService<IConnectionMultiplexer>),
        }),
        services.GetRequiredService<IOptions<CacheOptions>>().Value.RedisTimeout,
        services.GetRequiredService<TimeProvider>());
}
