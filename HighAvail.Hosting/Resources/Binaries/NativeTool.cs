using System.ComponentModel;
using System.Diagnostics;

namespace HighAvail.Hosting.Resources.Binaries;

/// <summary>Runs a short-lived program to its end, in an environment of its own, as another user where one is given.</summary>
internal static class NativeTool
{
    private const int ErrorLength = 2000;

    /// <summary>The whole environment of data servers and their tools: fixed, so that no PGPORT or locale of the host's leaks into them.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = CreateEnvironment();

    /// <summary>Returns standard output.</summary>
    /// <exception cref="NativeToolException">It is not there, cannot be run or exits with another code than 0.</exception>
    public static async Task<string> RunAsync(
        SystemUser? user, string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = CreateStartInfo(user, program, arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new NativeToolException($"{process.StartInfo.FileName} cannot be run: {exception.Message}", exception);
        }

        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await WriteInputAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var said = await error;
        return process.ExitCode == 0
            ? await output
            : throw new NativeToolException($"{program} failed with exit code {process.ExitCode}: {said[^Math.Min(said.Length, ErrorLength)..].Trim()}");
    }

    private static ProcessStartInfo CreateStartInfo(SystemUser? user, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(user is null ? program : "setpriv")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The host's own folder may be one that the other user cannot enter.
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in user is null ? arguments : [.. user.SetPrivArguments, program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its exit code and what it said tell why.
        }
    }

    private static Dictionary<string, string> CreateEnvironment()
    {
        var environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["TZ"] = "UTC" };
        foreach (var name in (string[])["PATH", "SystemRoot"])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }
}
