namespace HighAvail.Tests.ServiceDefaults;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("highavail-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces a file as the host does: another file takes its name.</summary>
    public string Replace(string name, string contents)
    {
        System.IO.File.WriteAllText(File(name + ".new"), contents);
        System.IO.File.Move(File(name + ".new"), File(name), overwrite: true);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
