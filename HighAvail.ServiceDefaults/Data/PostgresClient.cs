using Npgsql;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>A data source that the service registered, and how much it takes of the server.</summary>
internal sealed class PostgresClient(Func<NpgsqlDataSource> dataSource)
{
    public NpgsqlDataSource DataSource => dataSource();

    /// <summary>As many as its pool has; without a pool it is for one connection that is kept, such as a listener's.</summary>
    public int MaxConnections => new NpgsqlConnectionStringBuilder(DataSource.ConnectionString) is { Pooling: true } settings
        ? settings.MaxPoolSize
        : 1;
}
