namespace HighAvail.ServiceDefaults.Postgres;

/// <summary>Settings of a Postgres client, from section <c>Aspire:Npgsql</c> and, more specific, <c>Aspire:Npgsql:{name}</c>.</summary>
public sealed class NpgsqlSettings
{
    /// <summary>The connection string. <c>ConnectionStrings:{name}</c> overrides it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether the health check is left out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether commands are not traced.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether the pool and its commands are not measured.</summary>
    public bool DisableMetrics { get; set; }
}
