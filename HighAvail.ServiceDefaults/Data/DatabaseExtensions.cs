using System.Reflection;
using HighAvail.ServiceDefaults.Data.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>What a service that owns a database gets.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Applies the SQL scripts that are embedded in an assembly, in the order of their names and under an advisory lock, before the service
    /// is ready. Before that, the server must have enough connections for all replicas (<c>Postgres:Replicas</c>).
    /// </summary>
    /// <param name="builder">The builder of a service that has added its <see cref="Npgsql.NpgsqlDataSource"/>.</param>
    /// <param name="scripts">The assembly with the scripts, each a resource that ends in <c>.sql</c>.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddMigrations(this IHostApplicationBuilder builder, Assembly scripts)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(scripts);
        // Npgsql logs the text of every statement as information, also of those that poll; traces and metrics tell more for less.
        builder.Logging.AddFilter("Npgsql.Command", LogLevel.Warning);
        // And each wait of a listener for the next notification.
        builder.Logging.AddFilter("Npgsql.Connection", LogLevel.Warning);
        builder.Services.AddSingleton(new MigrationScripts(scripts));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConnectionBudgetOptions>, ConnectionBudgetOptionsValidator>());
        builder.Services.AddOptions<ConnectionBudgetOptions>().BindConfiguration("Postgres").ValidateOnStart();
        builder.AddStartupTask<CheckConnectionBudget>();
        return builder.AddStartupTask<ApplyMigrations>();
    }
}
