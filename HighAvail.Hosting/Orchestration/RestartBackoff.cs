namespace HighAvail.Hosting.Orchestration;

/// <summary>How long to wait before the next restart: not at all the first time, then ever longer until the replica has proved itself.</summary>
internal sealed class RestartBackoff(RestartBackoffOptions options, Random random)
{
    private int _restarts;

    public TimeSpan Next()
    {
        var restarts = _restarts++;
        if (restarts == 0)
        {
            return TimeSpan.Zero;
        }

        var delay = Math.Min(options.FirstDelay.Ticks * Math.Pow(2, restarts - 1), options.MaxDelay.Ticks);
        var jittered = delay * (1 + (options.Jitter * ((random.NextDouble() * 2) - 1)));
        return TimeSpan.FromTicks((long)jittered);
    }

    /// <summary>Reports that the replica was healthy for this long without interruption.</summary>
    public void WasHealthy(TimeSpan duration)
    {
        if (duration >= options.ResetAfterHealthy)
        {
            _restarts = 0;
        }
    }
}
