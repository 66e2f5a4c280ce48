using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace HighAvail.Hosting.Networking;

/// <summary>
/// The replicas behind a front proxy: which of them are ready, and how many connections each has.
/// </summary>
internal sealed class ReadyReplicas
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Replica> _known = [];
    private List<Replica> _ready = [];
    private TaskCompletionSource _changed = NewSignal();
    private int _turn;

    /// <summary>
    /// Completes at the next <see cref="Update"/>. Whoever finds no replica waits for the task that was here before it looked.
    /// </summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Replaces the set of ready replicas. Connections to those that left are none of its business and stay counted.</summary>
    public void Update(IReadOnlyList<IPEndPoint> ready)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            var next = new List<Replica>(ready.Count);
            foreach (var endPoint in ready.Distinct())
            {
                if (!_known.TryGetValue(endPoint, out var replica))
                {
                    _known[endPoint] = replica = new Replica(endPoint);
                }

                next.Add(replica);
            }

            var before = _ready;
            _ready = next;
            foreach (var replica in before)
            {
                ForgetIfIdle(replica);
            }

            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>
    /// The ready replica with the fewest connections, not counting those already <paramref name="tried"/>; equals take turns.
    /// It is counted at once, so that a crowd arriving together spreads; <see cref="Release"/> ends that.
    /// </summary>
    public bool TryTake(List<Replica> tried, [NotNullWhen(true)] out Replica? taken)
    {
        lock (_lock)
        {
            taken = null;
            _turn++;
            for (var i = 0; i < _ready.Count; i++)
            {
                var candidate = _ready[(int)((uint)(_turn + i) % (uint)_ready.Count)];
                if ((taken is null || candidate.Connections < taken.Connections) && !tried.Contains(candidate))
                {
                    taken = candidate;
                }
            }

            if (taken is null)
            {
                return false;
            }

            taken.Connections++;
            return true;
        }
    }

    /// <summary>A connection to <paramref name="replica"/> ended, or never came about.</summary>
    public void Release(Replica replica)
    {
        lock (_lock)
        {
            replica.Connections--;
            ForgetIfIdle(replica);
        }
    }

    private void ForgetIfIdle(Replica replica)
    {
        if (replica.Connections == 0 && !_ready.Contains(replica))
        {
            _known.Remove(replica.EndPoint);
        }
    }

    // Waiting clients must not run inside Update, whose caller has replicas to look after.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One replica; its count belongs to the lock of <see cref="ReadyReplicas"/>.</summary>
    internal sealed class Replica(IPEndPoint endPoint)
    {
        public IPEndPoint EndPoint { get; } = endPoint;

        public int Connections { get; set; }
    }
}
