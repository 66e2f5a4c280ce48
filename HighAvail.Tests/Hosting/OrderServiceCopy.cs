using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting;

/// <summary>The Order service as it is built, in a folder of its own, where a test can make and build the next release of it.</summary>
internal sealed class OrderServiceCopy : IProjectMetadata, IDisposable
{
    private const string Service = "HighAvail.OrderService";

    private readonly TemporaryFolder _folder = new();
    private readonly string _configuration;

    /// <param name="original">The project that the app host refers to.</param>
    public OrderServiceCopy(IProjectMetadata original)
    {
        var project = Path.GetDirectoryName(original.ProjectPath)!;
        var root = Path.GetDirectoryName(project)!;
        var target = Path.GetRelativePath(project, original.TargetPath!);
        _configuration = target.Split(Path.DirectorySeparatorChar)[1];
        ProjectPath = _folder.File(Path.Combine(Service, $"{Service}.csproj"));
        TargetPath = _folder.File(Path.Combine(Service, target));
        foreach (var file in (string[])[.. Directory.EnumerateFiles(root, "Directory.*"), Path.Combine(root, "global.json")])
        {
            Copy(root, file);
        }

        // What was built and restored comes along: only the change is compiled, and no registry is asked.
        foreach (var folder in (string[])[Service, "HighAvail.ServiceDefaults"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
            {
                Copy(root, file);
            }
        }
    }

    public string ProjectPath { get; }

    public string TargetPath { get; }

    /// <summary>Adds a file to the sources.</summary>
    public void Add(string path, string text) => File.WriteAllText(InProject(path), text);

    /// <summary>Writes something else where a text stands once in a source file.</summary>
    public void Change(string path, string from, string to)
    {
        var parts = File.ReadAllText(InProject(path)).Split(from);
        Assert.True(parts.Length == 2, $"{Service}/{path} holds '{from}' {parts.Length - 1} times, not once: make the next release in another way.");
        File.WriteAllText(InProject(path), string.Join(to, parts));
    }

    /// <summary>Builds it, as <c>dotnet build</c> does; the running replicas are those of the build before.</summary>
    public async Task BuildAsync()
    {
        // No process of the build outlives it, and what is compiled is no code that anybody has to read.
        await using var build = await TestProcess.StartAsync(new ProcessSpec(
            "dotnet",
            [
                "build", ProjectPath, "--no-restore", "-nologo", "-verbosity:quiet", "-nodeReuse:false", $"-property:Configuration={_configuration}",
                "-property:BuildProjectReferences=false", "-property:UseSharedCompilation=false", "-property:RunAnalyzers=false",
            ],
            _folder.Path,
            ProcessEnvironment.Inherited()));
        var exitCode = await build.Exited;
        Assert.True(exitCode == 0, $"The next release does not build:\n{build.Output}");
    }

    public void Dispose() => _folder.Dispose();

    private string InProject(string path) => Path.Combine(Path.GetDirectoryName(ProjectPath)!, path);

    private void Copy(string root, string file)
    {
        var copy = _folder.File(Path.GetRelativePath(root, file));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy);
    }
}
