using System.Diagnostics;

namespace HighAvail.Tests.Hosting.Networking;

/// <summary>Runs a command of the system, such as <c>openssl</c>, to its end.</summary>
internal static class Tool
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string fileName, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(fileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public static void SkipUnlessPresent(string fileName) => Assert.SkipUnless(
        // A build machine has what the tests use; there the test itself then says what is missing.
        Environment.GetEnvironmentVariable("CI") is not null
            || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, fileName))),
        $"{fileName} is not installed.");
}
