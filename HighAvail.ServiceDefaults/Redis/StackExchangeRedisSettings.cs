namespace HighAvail.ServiceDefaults.Redis;

/// <summary>Settings of a Redis client, from section <c>Aspire:StackExchange:Redis</c> and, more specific, <c>Aspire:StackExchange:Redis:{name}</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string. <c>ConnectionStrings:{name}</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether the health check is left out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Part of the contract, without effect here: the client library makes no traces by itself.</summary>
    public bool DisableTracing { get; set; }
}
