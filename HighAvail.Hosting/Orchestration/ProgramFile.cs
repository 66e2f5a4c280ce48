using HighAvail.Hosting.Control;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Finds the file of a program before it is started: what is missing is said clearly instead of by exit code 127.</summary>
internal static class ProgramFile
{
    /// <summary>The absolute path of the program of a process that is about to start.</summary>
    /// <exception cref="ProcessStartException">It or its working directory does not exist, or it cannot be executed.</exception>
    public static string Find(ProcessSpec spec)
    {
        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new ProcessStartException(
                $"The working directory '{spec.WorkingDirectory}' of '{spec.FileName}' does not exist. Create it or correct the path.");
        }

        if (Path.GetFileName(spec.FileName) == spec.FileName)
        {
            return FindInPath(spec);
        }

        var path = Path.GetFullPath(spec.FileName, spec.WorkingDirectory);
        if (!File.Exists(path))
        {
            throw new ProcessStartException($"The program '{path}' does not exist. Build or install it, or correct the path.");
        }

        return IsExecutable(path)
            ? path
            : throw new ProcessStartException($"The program '{path}' is not executable. Allow it with: chmod +x {ShellArgument.Quote(path)}");
    }

    /// <summary>Whether there is a program that may be run; as a shell does, whoever searches passes over others.</summary>
    public static bool Exists(string path) => File.Exists(path) && IsExecutable(path);

    private static string FindInPath(ProcessSpec spec)
    {
        var folders = spec.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        string[] extensions = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        var candidates =
            from folder in folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            from extension in extensions
            select Path.GetFullPath(Path.Combine(folder, spec.FileName + extension), spec.WorkingDirectory);
        return candidates.FirstOrDefault(Exists)
            ?? throw new ProcessStartException(
                $"The program '{spec.FileName}' was not found in PATH ({folders}). Install it, or give its absolute path.");
    }

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows() || Libc.IsExecutable(path);
}
