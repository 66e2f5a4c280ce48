namespace HighAvail.ServiceDefaults.Startup;

/// <summary>Opens when every <see cref="IStartupTask"/> is done. Until then <c>/health</c> answers 503.</summary>
public sealed class StartupGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _current;

    /// <summary>Whether the service has started.</summary>
    public bool IsOpen => _opened.Task.IsCompletedSuccessfully;

    /// <summary>The task that is running now, or <see langword="null"/>.</summary>
    internal string? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Waits until the service has started. Background work that needs the database begins with this.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    internal void Open() => _opened.TrySetResult();
}
