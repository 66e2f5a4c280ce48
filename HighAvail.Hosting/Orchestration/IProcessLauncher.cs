namespace HighAvail.Hosting.Orchestration;

/// <summary>Starts processes; what differs between operating systems sits behind it.</summary>
internal interface IProcessLauncher
{
    /// <summary>Starts a process. Its output arrives line by line, in order per stream and never two calls at a time.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="output">Called with (is standard error, line). It must return quickly: the process waits when its pipe is full.</param>
    /// <exception cref="ProcessStartException">The process cannot be started; the message says what to do.</exception>
    Task<IRunningProcess> StartAsync(ProcessSpec spec, Action<bool, string> output);
}
