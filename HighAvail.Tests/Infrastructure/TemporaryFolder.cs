namespace HighAvail.Tests.ServiceDefaults;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("highavail-");

    public TemporaryFolder() => Path = _root.CreateSubdirectory(".highavail").FullName;

    /// <summary>Inside a hidden folder, as the host's state is.</summary>
    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces a file as the host does: another file takes its name.</summary>
    public string Replace(string name, string contents)
    {
        System.IO.File.WriteAllText(File(name + ".new"), contents);
        System.IO.File.Move(File(name + ".new"), File(name), overwrite: true);
        return File(name);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
