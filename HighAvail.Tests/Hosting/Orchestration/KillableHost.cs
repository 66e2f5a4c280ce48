using System.Runtime.CompilerServices;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>
/// This assembly as a host that a test can kill: with the variable set, it starts the scripts in it (separated by lines, "user:script"),
/// prints their process ids and waits.
/// </summary>
internal static class KillableHost
{
    public const string Variable = "HIGHAVAIL_TESTS_KILLABLE_HOST";

    [ModuleInitializer]
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } scripts)
        {
            return;
        }

        var launcher = new LinuxProcessLauncher(TimeProvider.System);
        foreach (var line in scripts.Split('\n'))
        {
            var parts = line.Split(':', 2);
            var spec = ShellProgram.Spec(parts[1]) with { RunAs = parts[0].Length > 0 ? parts[0] : null };
            Console.WriteLine(launcher.StartAsync(spec, (_, _) => { }).GetAwaiter().GetResult().Id);
        }

        // Until it is killed, or the test that started it is.
        _ = Console.In.ReadToEnd();
    }
}
