using System.Reflection;

namespace HighAvail.ServiceDefaults.Data.Migrations;

/// <summary>The scripts that come with a service, embedded in its assembly and applied in the order of their names.</summary>
internal sealed class MigrationScripts(Assembly assembly)
{
    public Assembly Assembly { get; } = assembly;

    public IReadOnlyList<string> Names { get; } =
        [.. assembly.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal)];

    public static bool IsScript(string resourceName) => resourceName.EndsWith(".sql", StringComparison.Ordinal);
}
