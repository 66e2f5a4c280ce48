using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// Copies of what projects were built to. Replicas run from a copy, so that a build never rewrites files under a running process, and a
/// replica that starts after a build runs the new one.
/// </summary>
/// <param name="runDirectory">The host's run folder.</param>
internal sealed class BuildOutput(string runDirectory)
{
    private readonly ConcurrentDictionary<string, string> _current = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    /// <summary>The program of a project, in a copy of its current build.</summary>
    /// <exception cref="ReplicaConfigurationException">The project is not built.</exception>
    internal async Task<BuiltProgram> GetAsync(
        string name, IProjectMetadata project, CancellationToken cancellationToken)
    {
        var target = Find(project);
        var source = Path.GetDirectoryName(target)!;
        var gate = _gates.GetOrAdd(name, _ => new(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var copy = Path.Combine(runDirectory, "builds", $"{name}-{Fingerprint(source)}");
            if (_current.TryAdd(name, copy))
            {
                RemoveOthers(name, copy);
            }

            if (!Directory.Exists(copy))
            {
                Copy(source, copy);
            }

            // The program beside the library shows its own name in process lists; a build without one is run by the runtime's.
            var program = Path.Combine(copy, Path.GetFileNameWithoutExtension(target) + (OperatingSystem.IsWindows() ? ".exe" : string.Empty));
            return File.Exists(program)
                ? new(program, [], copy)
                : new(Path.Combine(DotNetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"), [Path.Combine(copy, Path.GetFileName(target))], copy);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The folder of the runtime that runs this host, for programs that look for it.</summary>
    internal static string DotNetRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // At the first use in a run only: later a replica may still run from the copy of an older build.
    private void RemoveOthers(string name, string copy)
    {
        var builds = Path.Combine(runDirectory, "builds");
        if (Directory.Exists(builds))
        {
            foreach (var other in Directory.EnumerateDirectories(builds).Where(d => IsOf(Path.GetFileName(d)) && d != copy))
            {
                Directory.Delete(other, recursive: true);
            }
        }

        // The name, a hyphen and the fingerprint, perhaps of a copy that was not finished; names may contain hyphens themselves.
        bool IsOf(string folder) => folder.StartsWith($"{name}-", StringComparison.Ordinal) && !folder.AsSpan(name.Length + 1).Contains('-');
    }

    private static string Find(IProjectMetadata project)
    {
        if (project.TargetPath is { } target && File.Exists(target))
        {
            return target;
        }

        var directory = Path.GetDirectoryName(project.ProjectPath)!;
        var library = Path.GetFileNameWithoutExtension(project.ProjectPath) + ".dll";
        var builds = Path.Combine(directory, "bin");
        var found = Directory.Exists(builds)
            ? Directory.EnumerateFiles(builds, library, SearchOption.AllDirectories)
                .Where(f => File.Exists(Path.ChangeExtension(f, ".runtimeconfig.json")))
                .MaxBy(File.GetLastWriteTimeUtc)
            : null;
        return found ?? throw new ReplicaConfigurationException(
            $"The project {project.ProjectPath} is not built: {project.TargetPath ?? Path.Combine(builds, "…", library)} does not exist. Run `dotnet build` and start again.");
    }

    private static string Fingerprint(string source)
    {
        var listing = new StringBuilder();
        foreach (var file in new DirectoryInfo(source).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            listing.Append(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing.ToString())).AsSpan(0, 4));
    }

    private static void Copy(string source, string copy)
    {
        // Complete or not there: a host that was killed while copying leaves only the temporary folder.
        var temporary = $"{copy}.{Environment.ProcessId}.tmp";
        try
        {
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                var destination = Path.Combine(temporary, Path.GetRelativePath(source, file));
                Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
                File.Copy(file, destination, overwrite: true);
            }

            Directory.Move(temporary, copy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && Directory.Exists(temporary))
        {
            // Half a copy is of no use, and on a full disk in the way.
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }
}
