using Npgsql;

namespace HighAvail.ServiceDefaults.Postgres;

/// <summary>Completes a connection string with the limits of this system.</summary>
internal static class PostgresConnectionString
{
    public static string WithDefaults(string connectionString, PostgresOptions options, string applicationName)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Maximum Pool Size"))
        {
            builder.MaxPoolSize = options.MaxPoolSize;
        }

        if (builder.MaxPoolSize < PostgresOptions.MinPoolSize)
        {
            throw new InvalidOperationException(
                $"The connection string allows {builder.MaxPoolSize} connection: migrations need {PostgresOptions.MinPoolSize}, one of them for their lock.");
        }

        if (!builder.ShouldSerialize("Timeout"))
        {
            builder.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        }

        if (!builder.ShouldSerialize("Command Timeout"))
        {
            builder.CommandTimeout = (int)Math.Ceiling(options.ReadTimeout.TotalSeconds);
        }

        builder.ApplicationName ??= applicationName;
        return builder.ConnectionString;
    }
}
