using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Caching;

/// <summary>Limits of the cache, from section <c>Cache</c>.</summary>
internal sealed record CacheOptions
{
    /// <summary>How many entries a replica holds in memory, each counted by its size: an order for every ten of its lines. Ten thousand: each is a few kilobytes.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>How long a reader waits for Redis. 250 ms: by then Postgres would have answered.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long Redis is not asked after it failed or was late. Two seconds: one reader in two seconds finds out whether it is back, and the
    /// others do not wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RedisBreak { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
