using System.ComponentModel;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Starts processes where <see cref="LinuxProcessLauncher"/> cannot: without their own group and any bond to the host.</summary>
internal sealed class PlainProcessLauncher(TimeProvider time) : IProcessLauncher
{
    public Task<IRunningProcess> StartAsync(ProcessSpec spec, Action<bool, string> output) =>
        ProcessStarterThread.RunAsync<IRunningProcess>(() => Start(spec, output));

    private PlainProcess Start(ProcessSpec spec, Action<bool, string> output)
    {
        var program = ProgramFile.Find(spec);
        try
        {
            return new PlainProcess(RedirectedStartInfo.For(spec, program, spec.Arguments), output, time);
        }
        catch (Win32Exception exception)
        {
            throw new ProcessStartException($"'{program}' cannot be started: {exception.Message}", exception);
        }
    }
}
