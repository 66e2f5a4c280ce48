using System.Diagnostics;

namespace HighAvail.Hosting.Orchestration;

internal static class RedirectedStartInfo
{
    /// <summary>Starts a program in the directory and with exactly the environment of the specification, all streams redirected.</summary>
    public static ProcessStartInfo For(ProcessSpec spec, string program, IEnumerable<string> arguments)
    {
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        startInfo.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
        {
            startInfo.Environment[name] = value;
        }

        return startInfo;
    }
}
