using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>
/// Finds the programs of Postgres and Redis: an explicit path in configuration, then PATH, then the usual places, newest version first.
/// </summary>
internal sealed class BinaryLocator(IConfiguration configuration, SearchScope scope)
{
    public const string PostgresKey = "HighAvail:Postgres:BinDirectory";
    public const string RedisKey = "HighAvail:Redis:Path";

    /// <exception cref="BinaryNotFoundException">There is none, or the configured one is not there.</exception>
    public Task<PostgresBinaries> FindPostgresAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{configuration} {scope} {cancellationToken}");

    /// <summary>The absolute path of <c>redis-server</c> or <c>valkey-server</c>.</summary>
    /// <exception cref="BinaryNotFoundException">There is none, or the configured one is not there.</exception>
    public string FindRedis() => throw new NotSupportedException($"{configuration} {scope}");

    public static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;
}
