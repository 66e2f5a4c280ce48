using HighAvail.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace HighAvail.ServiceDefaults.Postgres;

/// <summary>Degraded while Postgres does not answer: a shared dependency must never take every replica out.</summary>
internal sealed class PostgresHealthCheck(NpgsqlDataSource dataSource) : IHealthCheck
{
    private readonly SingleFlight _query = new(cancellationToken => QueryAsync(dataSource, cancellationToken));

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _query.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy("Postgres answers.");
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return HealthCheckResult.Degraded("Postgres does not answer.");
        }
    }

    private static async Task QueryAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT 1");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
