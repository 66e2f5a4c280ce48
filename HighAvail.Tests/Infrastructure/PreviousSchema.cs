using System.Reflection;
using DbUp;

namespace HighAvail.Tests.Infrastructure;

/// <summary>The schema of a service as a release before this one left it.</summary>
internal static class PreviousSchema
{
    /// <summary>Applies the scripts of a service up to one of them, in the way of the service.</summary>
    public static void Apply(string connectionString, Assembly service, string lastScript)
    {
        var last = service.GetManifestResourceNames().Single(name => name.EndsWith($".{lastScript}", StringComparison.Ordinal));
        var result = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(
                service, name => name.EndsWith(".sql", StringComparison.Ordinal) && string.CompareOrdinal(name, last) <= 0)
            .WithTransaction()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        Assert.True(result.Successful, result.Error?.Message);
        Assert.NotEmpty(result.Scripts);
    }
}
