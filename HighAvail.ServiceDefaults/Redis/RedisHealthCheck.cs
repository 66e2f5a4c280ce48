using HighAvail.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace HighAvail.ServiceDefaults.Redis;

/// <summary>Degraded while Redis does not answer: it only makes things faster.</summary>
internal sealed class RedisHealthCheck(RedisConnection connection) : IHealthCheck
{
    private readonly SingleFlight _ping = new(_ => PingAsync(connection));

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!connection.WasTried)
        {
            // Nobody has missed it so far.
            return HealthCheckResult.Healthy("Not connected yet.");
        }

        try
        {
            await _ping.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy("Redis answers.");
        }
        catch (Exception exception) when (exception is RedisException or OperationCanceledException or TimeoutException)
        {
            return HealthCheckResult.Degraded("Redis does not answer.");
        }
    }

    private static async Task PingAsync(RedisConnection connection)
    {
        var multiplexer = await connection.ConnectAsync();
        await multiplexer.GetDatabase().PingAsync();
    }
}
