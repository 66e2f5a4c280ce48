namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A Postgres installation: the folder with <c>postgres</c> and <c>initdb</c>, and which version it is.</summary>
/// <param name="BinDirectory">The folder itself, no link to it.</param>
/// <param name="MajorVersion">The version that decides whether a data folder fits.</param>
/// <param name="Description">What <c>postgres --version</c> says, which tells builds of one version apart.</param>
internal sealed record PostgresBinaries(string BinDirectory, int MajorVersion, string Description)
{
    /// <summary>Tells builds apart that say the same of themselves: where it is installed, or the package it came from, wherever that lies.</summary>
    public string Origin { get; init; } = BinDirectory;

    public string Server => Path.Combine(BinDirectory, BinaryLocator.FileName("postgres"));

    public string InitDb => Path.Combine(BinDirectory, BinaryLocator.FileName("initdb"));
}
