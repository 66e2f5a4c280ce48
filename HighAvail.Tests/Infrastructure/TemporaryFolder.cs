namespace HighAvail.Tests.Infrastructure;

/// <summary>A folder of its own for one test, inside a hidden one, as the host's state is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("highavail-tests-");

    public TemporaryFolder() => Path = _root.CreateSubdirectory(".highavail").FullName;

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
