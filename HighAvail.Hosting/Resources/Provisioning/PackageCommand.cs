using HighAvail.Hosting.Control;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Hosting.Resources.Provisioning;

/// <summary>Runs a package manager, which needs the person's own environment: proxies, registries, certificates.</summary>
internal sealed class PackageCommand(IProcessLauncher launcher, Action<bool, string> output)
{
    // What it says last is why it failed; the log has everything.
    private const int KeptLines = 8;

    /// <summary>Where the SDK keeps what it notes, if not in the user's home.</summary>
    public const string DotNetHome = "DOTNET_CLI_HOME";

    /// <summary>Runs it to its end. What it prints goes to the resource's log.</summary>
    /// <exception cref="ProvisioningException">It cannot be run, or fails.</exception>
    public async Task RunAsync(string program, IReadOnlyList<string> arguments, string directory, CancellationToken cancellationToken)
    {
        var command = $"{Path.GetFileNameWithoutExtension(program)} {string.Join(' ', arguments.Select(ShellArgument.Quote))}";
        var last = new Queue<string>();
        output(false, $"$ {command}");
        IRunningProcess process;
        try
        {
            process = await launcher.StartAsync(new(program, arguments, directory, PersonsEnvironment()), Receive).ConfigureAwait(false);
        }
        catch (ProcessStartException exception)
        {
            throw new ProvisioningException(exception.Message, exception);
        }

        using (cancellationToken.Register(() => process.Signal(StopSignal.Kill)))
        {
            var exitCode = await process.Exited.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (exitCode != 0)
            {
                throw new ProvisioningException($"`{command}` failed with exit code {exitCode}:{string.Concat(last.Select(line => $"\n  {line}"))}");
            }
        }

        void Receive(bool isError, string line)
        {
            output(isError, line);
            if (line.Length > 0)
            {
                last.Enqueue(line);
            }

            if (last.Count > KeptLines)
            {
                last.Dequeue();
            }
        }
    }

    private static Dictionary<string, string> PersonsEnvironment()
    {
        var environment = ProcessEnvironment.Inherited();
        if (Environment.GetEnvironmentVariable(DotNetHome) is { } home)
        {
            environment[DotNetHome] = home;
        }

        return environment;
    }
}
