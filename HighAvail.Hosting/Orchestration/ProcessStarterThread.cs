using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace HighAvail.Hosting.Orchestration;

/// <summary>
/// The one thread that starts children. The parent-death signal is sent when the starting <em>thread</em> ends (prctl(2),
/// PR_SET_PDEATHSIG), so this one lives as long as the host.
/// </summary>
internal static class ProcessStarterThread
{
    private static readonly BlockingCollection<Action> _work = Begin();

    [SuppressMessage("Design", "CA1031", Justification = "The exception belongs to whoever asked for the start.")]
    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var start in work.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "Process starter",
        };
        thread.Start();
        return work;
    }
}
