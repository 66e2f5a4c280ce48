using System.Globalization;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>
/// Ends the start when the server has not as many connections as all replicas may take: some of them would be refused, at the time when
/// there is most to do.
/// </summary>
/// <remarks>
/// A service knows what it takes itself, and is told how many replicas of all services there are. It reckons as if each took as many as its
/// own. The service that takes most thereby reckons with at least what all take together, so when each finds that it fits, all fit.
/// </remarks>
internal sealed class CheckConnectionBudget(IEnumerable<PostgresClient> clients, IOptions<ConnectionBudgetOptions> options) : IStartupTask
{
    public string Name => "connection budget";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!clients.Any())
        {
            // Another client integration, which does not say how much it takes.
            return;
        }

        var perReplica = clients.Sum(static client => client.MaxConnections);
        var needed = options.Value.Replicas * perReplica;
        var allowed = await ReadAllowedAsync(cancellationToken);
        if (needed > allowed)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Postgres has {allowed} connections for services, and {options.Value.Replicas} replicas with up to {perReplica} each may take {needed}. Raise max_connections, or lower Postgres:MaxPoolSize, or Postgres:Replicas if there are fewer."));
        }
    }

    // Those reserved for roles (from version 16 on) are not for services, either.
    private async Task<int> ReadAllowedAsync(CancellationToken cancellationToken)
    {
        await using var command = clients.First().DataSource.CreateCommand(
            """
            SELECT current_setting('max_connections')::integer
                - current_setting('superuser_reserved_connections')::integer
                - coalesce(current_setting('reserved_connections', true)::integer, 0)
            """);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
