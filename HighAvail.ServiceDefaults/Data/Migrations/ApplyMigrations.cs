using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace HighAvail.ServiceDefaults.Data.Migrations;

/// <summary>Brings the database to the schema of this version before the service is ready.</summary>
internal sealed partial class ApplyMigrations(NpgsqlDataSource dataSource, MigrationScripts scripts, ILogger<ApplyMigrations> logger)
    : IStartupTask
{
    public string Name => "migrations";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var applied = await new Migrator(dataSource, scripts).RunAsync(cancellationToken);
        if (applied > 0)
        {
            LogApplied(applied);
        }
    }

    [LoggerMessage(LogLevel.Information, "Applied {Count} migration scripts.")]
    private partial void LogApplied(int count);
}
