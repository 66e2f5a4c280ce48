namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A system's package manager: how a person installs what is missing, in its words.</summary>
internal sealed record PackageManager(string Program, string Install, bool NeedsRoot, string PostgresPackage, string RedisPackage)
{
    private static readonly PackageManager[] _known =
    [
        new("apt-get", "apt-get install", true, "postgresql", "redis-server"),
        new("dnf", "dnf install", true, "postgresql-server", "valkey"),
        new("brew", "brew install", false, "postgresql@17", "redis"),
    ];

    public static PackageManager? Find(SearchScope scope) =>
        Array.Find(_known, manager => scope.PathDirectories.Any(directory => File.Exists(Path.Combine(directory, manager.Program))));

    public static string Postgres(PackageManager manager) => manager.PostgresPackage;

    public static string Redis(PackageManager manager) => manager.RedisPackage;

    public string InstallCommand(string package) => $"{(NeedsRoot && !Environment.IsPrivilegedProcess ? "sudo " : "")}{Install} {package}";
}
