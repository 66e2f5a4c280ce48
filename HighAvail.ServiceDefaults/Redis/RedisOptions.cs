using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Redis;

/// <summary>Limits of every Redis client, from section <c>Redis</c>. They override the connection string: Redis is a cache, and nobody waits long for one.</summary>
public sealed record RedisOptions
{
    /// <summary>
    /// How long after the service is ready it connects, unless somebody uses the client before. Five seconds: connecting costs a new process some
    /// 100 ms of CPU, for which a system that is just starting has better use.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ConnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting may take. One second, as for every other dependency.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a command may take. 250 ms: by then Postgres would have answered.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(250);
}

[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;
