using System.ComponentModel;
using System.Globalization;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Starts processes with their own session and group that do not outlive the host, even one killed with SIGKILL.</summary>
/// <remarks>
/// <c>setsid</c> executes <c>setpriv</c>, which executes the program, all in one process, so its id is the program's. setpriv asks for
/// the parent-death signal after it has changed the user, which would have cleared it (prctl(2)). A host that was started in the background
/// of a script inherits that SIGINT and SIGQUIT are ignored; <c>env</c> then undoes that for its children, which are stopped by them.
/// </remarks>
internal sealed class LinuxProcessLauncher(TimeProvider time) : IProcessLauncher
{
    private static readonly string? _setsid = FindTool("setsid");
    private static readonly string? _setpriv = FindTool("setpriv");
    private static readonly string[] _defaultSignals = IgnoresInterrupt() && FindTool("env") is { } env ? [env, "--default-signal=INT,QUIT"] : [];

    /// <summary>Whether this is Linux with the tools of util-linux.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && _setsid is not null && _setpriv is not null;

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, Action<bool, string> output) =>
        ProcessStarterThread.RunAsync<IRunningProcess>(() => Start(spec, output));

    private LinuxProcess Start(ProcessSpec spec, Action<bool, string> output)
    {
        var program = ProgramFile.Find(spec);
        string[] arguments = [.. _defaultSignals, _setpriv!, "--pdeathsig", "KILL", .. RunAs(spec), "--", program, .. spec.Arguments];
        try
        {
            return LinuxProcess.Start(RedirectedStartInfo.For(spec, _setsid!, arguments), output, time);
        }
        catch (Win32Exception exception)
        {
            throw new ProcessStartException($"'{program}' cannot be started: {exception.Message}", exception);
        }
    }

    private static string[] RunAs(ProcessSpec spec)
    {
        if (spec.RunAs is null || !Environment.IsPrivilegedProcess)
        {
            return [];
        }

        var (user, group) = Libc.FindUser(spec.RunAs) ?? throw new ProcessStartException(
            $"'{spec.FileName}' is to run as the user '{spec.RunAs}', who does not exist. Create it with: useradd --system {spec.RunAs}");
        return [$"--reuid={user}", $"--regid={group}", "--init-groups"];
    }

    // Bit n - 1 of the mask stands for signal n (proc(5)).
    private static bool IgnoresInterrupt()
    {
        const string field = "SigIgn:";
        const ulong interruptAndQuit = 0b110;
        var mask = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) : null;
        return mask is not null
            && ulong.TryParse(mask.AsSpan(field.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored)
            && (ignored & interruptAndQuit) != 0;
    }

    private static string? FindTool(string name)
    {
        // Busybox's namesakes lack the options.
        string[] folders = ["/usr/bin", "/bin", "/usr/local/bin"];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(path =>
            File.Exists(path) && Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name) != "busybox");
    }
}
