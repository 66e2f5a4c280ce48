using System.Diagnostics;
using System.Globalization;

namespace HighAvail.Tests.Hosting;

/// <summary>A state folder that several hosts use one after another.</summary>
internal sealed class AppHostState : IDisposable
{
    internal AppHostState()
        : this(Directory.CreateTempSubdirectory("highavail-test-").FullName)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The user that Postgres runs as must be able to get to its own folder in here.
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    internal AppHostState(string path) => Path = path;

    internal string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A running app host.</summary>
internal sealed class AppHostProcess : IDisposable
{
    // Longer than the longest stop of what it runs; then a host that hangs must not make all other tests wait.
    private static readonly TimeSpan _stopLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly AppHostState? _own;
    private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _all = new();

    private AppHostProcess(Process process, AppHostState? own)
    {
        _process = process;
        _own = own;
    }

    /// <summary>What it has printed so far.</summary>
    internal string Printed => string.Join('\n', _all);

    internal int Id => _process.Id;

    internal int ExitCode => _process.ExitCode;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            if (!_process.WaitForExit(_stopLimit))
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }

        _process.Dispose();
        _own?.Dispose();
    }

    internal static Task<AppHostProcess> StartAsync(CancellationToken cancellationToken, params string[] args)
    {
        var own = new AppHostState();
        return StartAsync(own, own, args, null, cancellationToken);
    }

    internal static Task<AppHostProcess> StartAsync(AppHostState state, CancellationToken cancellationToken, params string[] args) =>
        StartAsync(state, null, args, null, cancellationToken);

    /// <summary>Starts it in another way than a person would, such as with another environment.</summary>
    internal static Task<AppHostProcess> StartAsync(AppHostState state, Action<ProcessStartInfo> adjust, CancellationToken cancellationToken, params string[] args) =>
        StartAsync(state, null, args, adjust, cancellationToken);

    /// <summary>Starts a command, which has no options of the host beside it.</summary>
    internal static Task<AppHostProcess> CommandAsync(AppHostState state, Action<ProcessStartInfo> adjust, CancellationToken cancellationToken, params string[] args) => StartAsync(
        null,
        args,
        start =>
        {
            start.Environment["HighAvail__StateDirectory"] = state.Path;
            adjust(start);
        },
        cancellationToken);

    /// <summary>Waits for a line that the host prints.</summary>
    internal async Task<string> LineAsync(string part, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            seen.Add(line);
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The host ended before it printed '{part}':\n{string.Join('\n', seen)}");
    }

    internal void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended by itself; returns all that it printed.</summary>
    internal async Task<string> OutputAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return Printed;
    }

    internal Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>The processes that the host started, and theirs.</summary>
    internal IReadOnlyList<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(id) is { } parent)
            {
                parents[id] = parent;
            }
        }

        return [.. parents.Keys.Where(id => Ancestors(id).Contains(_process.Id))];

        IEnumerable<int> Ancestors(int id)
        {
            while (parents.TryGetValue(id, out id))
            {
                yield return id;
            }
        }
    }

    private static int? ParentOf(int id)
    {
        try
        {
            // pid (name) state ppid …; the name may hold anything, so the last parenthesis counts.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static Task<AppHostProcess> StartAsync(AppHostState state, AppHostState? own, string[] args, Action<ProcessStartInfo>? adjust, CancellationToken cancellationToken) =>
        StartAsync(own, [$"--HighAvail:StateDirectory={state.Path}", "--DcpPublisher:RandomizePorts=true", "--HighAvail:DisableDashboard=true", .. args], adjust, cancellationToken);

    private static async Task<AppHostProcess> StartAsync(AppHostState? own, string[] args, Action<ProcessStartInfo>? adjust, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var assembly = typeof(Projects.HighAvail_AppHost).Assembly.Location;
        var startInfo = new ProcessStartInfo("dotnet", [assembly, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        adjust?.Invoke(startInfo);
        var process = Process.Start(startInfo)!;
        var host = new AppHostProcess(process, own);
        process.OutputDataReceived += (_, e) => host.Receive(e.Data, isError: false);
        process.ErrorDataReceived += (_, e) => host.Receive(e.Data, isError: true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return host;
    }

    private void Receive(string? line, bool isError)
    {
        if (line is not null)
        {
            _all.Enqueue(line);
            _lines.Writer.TryWrite(line);
        }
        else if (!isError)
        {
            _lines.Writer.TryComplete();
        }
    }
}
