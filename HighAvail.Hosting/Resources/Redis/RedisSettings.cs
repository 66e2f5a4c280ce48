using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>What one native Redis server is to be.</summary>
internal sealed record RedisSettings
{
    /// <summary>The app host's folder. Names the data folder's place when the wanted one cannot be used.</summary>
    public required string AppHostDirectory { get; init; }

    /// <summary>Where the data is wanted: <c>.highavail/data/cache</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The password clients give, or <see langword="null"/> if they need none; it is read from the configuration file at every start, so it may
    /// change between starts.
    /// </summary>
    public required string? Password { get; init; }

    /// <summary>Folders outside the app host's own.</summary>
    public NativeFolders Folders { get; init; } = NativeFolders.Machine;
}
