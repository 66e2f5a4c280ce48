namespace HighAvail.Hosting.ApplicationModel;

/// <summary>A value that others can wait for. It can be replaced; who asks later gets the new one.</summary>
/// <typeparam name="T">The kind of value.</typeparam>
public sealed class ValueSnapshot<T>
    where T : notnull
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<T> _value = Unset();

    /// <summary>Whether there is a value, or the reason why there is none.</summary>
    public bool IsValueSet
    {
        get
        {
            lock (_lock)
            {
                return _value.Task.IsCompleted;
            }
        }
    }

    /// <summary>The value, once there is one.</summary>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The value.</returns>
    public Task<T> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _value.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives the value to all who wait, and to all who ask from now on.</summary>
    /// <param name="value">The value.</param>
    public void SetValue(T value) => Next().SetResult(value);

    /// <summary>Says why there is no value.</summary>
    /// <param name="exception">What everybody who asks gets.</param>
    public void SetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Next().SetException(exception);
    }

    private static TaskCompletionSource<T> Unset() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource<T> Next()
    {
        lock (_lock)
        {
            return _value.Task.IsCompleted ? _value = Unset() : _value;
        }
    }
}
