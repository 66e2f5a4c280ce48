namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>A Postgres installation: the folder with <c>postgres</c> and <c>initdb</c>, and its version, such as 15.18.</summary>
internal sealed record PostgresBinaries(string BinDirectory, Version Version)
{
    public string Server => Path.Combine(BinDirectory, BinaryLocator.FileName("postgres"));

    public string InitDb => Path.Combine(BinDirectory, BinaryLocator.FileName("initdb"));
}
