using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>What one native Postgres server is to be.</summary>
internal sealed record PostgresSettings
{
    /// <summary>The resource's name: the server's <c>cluster_name</c>, which it shows in its process titles.</summary>
    public required string Name { get; init; }

    /// <summary>The app host's folder. Names the data folder's place when the wanted one cannot be used.</summary>
    public required string AppHostDirectory { get; init; }

    /// <summary>Where the data is wanted: <c>.highavail/data/postgres</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What to type to delete the data.</summary>
    public required string ResetCommand { get; init; }

    /// <summary>The superuser's name; fixed when the data folder is made.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>The superuser's password, ASCII. Set when the data folder is made.</summary>
    public required string Password { get; init; }

    /// <summary>Databases that a fresh data folder has from the beginning, which is cheaper than adding them to a running server.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Server settings in addition to, or instead of, the ones every server gets.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders outside the app host's own.</summary>
    public NativeFolders Folders { get; init; } = NativeFolders.Machine;
}
