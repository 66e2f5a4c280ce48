using System.Globalization;
using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>
/// Finds the programs of Postgres and Redis that are installed: an explicit path in configuration, then PATH, then the usual places, newest
/// version first.
/// </summary>
internal sealed class BinaryLocator(IConfiguration configuration, SearchScope scope)
{
    public const string PostgresKey = "HighAvail:Postgres:BinDirectory";
    public const string RedisKey = "HighAvail:Redis:Path";

    /// <summary>Whether PATH and the usual places are searched; an explicit path is taken in any case.</summary>
    public const string InstalledKey = "HighAvail:UseInstalledServers";

    // The services' SQL is tested against this one.
    private const int OldestPostgres = 15;

    private static readonly string[] _postgresPlaces =
    [
        "usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "usr/pgsql-*/bin", // the Postgres project's packages for Red Hat systems
        "usr/local/pgsql/bin", // built from source
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/opt/postgresql@*/bin",
        "Program Files/PostgreSQL/*/bin",
    ];

    private static readonly string[] _redisPlaces = ["usr/bin", "usr/local/bin", "opt/homebrew/bin"];

    private bool SearchesMachine => configuration.GetValue(InstalledKey, true);

    /// <exception cref="BinaryNotFoundException">There is none, or the configured one is not there.</exception>
    public async Task<PostgresBinaries> FindPostgresAsync(CancellationToken cancellationToken)
    {
        if (configuration[PostgresKey] is { Length: > 0 } configured)
        {
            var (binaries, problem) = await TryPostgresAsync(configured, cancellationToken);
            return binaries ?? throw new BinaryNotFoundException($"{PostgresKey} is '{configured}', but {problem}.");
        }

        if (!SearchesMachine)
        {
            throw NotSearched("Postgres", PostgresKey, PackageManager.Postgres);
        }

        var tried = new List<string>();
        foreach (var directory in scope.PathDirectories.Concat(_postgresPlaces.SelectMany(scope.Expand)).Distinct())
        {
            var (binaries, problem) = await TryPostgresAsync(directory, cancellationToken);
            if (binaries is not null)
            {
                return binaries;
            }

            // Most folders of a PATH simply have no Postgres; those are not worth a line each.
            if (File.Exists(Path.Combine(directory, FileName("postgres"))))
            {
                tried.Add($"{directory}: {problem}");
            }
        }

        throw NotFound("Postgres", "postgres and initdb", PostgresKey, [.. tried, .. _postgresPlaces.Select(scope.Describe)], PackageManager.Postgres);
    }

    /// <summary>The absolute path of <c>redis-server</c> or <c>valkey-server</c>.</summary>
    /// <exception cref="BinaryNotFoundException">There is none, or the configured one is not there.</exception>
    public string FindRedis()
    {
        if (configuration[RedisKey] is { Length: > 0 } configured)
        {
            return File.Exists(configured)
                ? Path.GetFullPath(configured)
                : throw new BinaryNotFoundException($"{RedisKey} is '{configured}', but there is no such file.");
        }

        if (!SearchesMachine)
        {
            throw NotSearched("Redis", RedisKey, PackageManager.Redis);
        }

        var directories = scope.PathDirectories.Concat(_redisPlaces.SelectMany(scope.Expand)).Distinct().ToArray();
        foreach (var program in (string[])["redis-server", "valkey-server"])
        {
            if (directories.Select(directory => Path.Combine(directory, FileName(program))).FirstOrDefault(ProgramFile.Exists) is { } path)
            {
                return path;
            }
        }

        throw NotFound("Redis", "redis-server and valkey-server", RedisKey, _redisPlaces.Select(scope.Describe), PackageManager.Redis);
    }

    public static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    /// <summary>What is in one folder, or why it cannot be used.</summary>
    public static async Task<(PostgresBinaries? Binaries, string Problem)> TryPostgresAsync(string directory, CancellationToken cancellationToken)
    {
        var server = new FileInfo(Path.Combine(directory, FileName("postgres")));
        if (!server.Exists)
        {
            return (null, "there is no postgres in it");
        }

        // A link in /usr/local/bin says nothing about its neighbours; the folder it leads to does.
        var target = server.ResolveLinkTarget(returnFinalTarget: true) ?? server;
        var binDirectory = Path.GetDirectoryName(target.FullName)!;
        if (!File.Exists(Path.Combine(binDirectory, FileName("initdb"))))
        {
            return (null, "there is no initdb beside its postgres");
        }

        string description;
        try
        {
            description = (await NativeTool.RunAsync(null, target.FullName, ["--version"], null, cancellationToken)).Trim();
        }
        catch (NativeToolException exception)
        {
            return (null, exception.Message);
        }

        // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
        var version = description.AsSpan(description.IndexOf(") ", StringComparison.Ordinal) + 1).TrimStart();
        var digits = version.IndexOfAnyExceptInRange('0', '9');
        if (!int.TryParse(digits < 0 ? version : version[..digits], CultureInfo.InvariantCulture, out var major))
        {
            return (null, $"its postgres calls itself '{description}'");
        }

        return major >= OldestPostgres
            ? (new PostgresBinaries(binDirectory, major, description), "")
            : (null, $"its version {major} is older than {OldestPostgres}");
    }

    private BinaryNotFoundException NotFound(
        string product, string programs, string key, IEnumerable<string> tried, Func<PackageManager, string> package) => new(
            $"{product} was not found. Looked for {programs} in PATH ({scope.PathVariable}), then in:{string.Concat(tried.Select(line => $"\n  {line}"))}",
            Remedy(product, key, package));

    private BinaryNotFoundException NotSearched(string product, string key, Func<PackageManager, string> package) => new(
        $"{product} was not looked for in PATH and the usual places, because {InstalledKey} is false.",
        $"{Remedy(product, key, package)} Or remove {InstalledKey}.");

    private string Remedy(string product, string key, Func<PackageManager, string> package)
    {
        var install = PackageManager.Find(scope) is { } manager
            ? $"Install it with: {manager.InstallCommand(package(manager))}"
            : $"Install {product}.";
        return $"{install}\nOr set {key} to where it is.";
    }
}
