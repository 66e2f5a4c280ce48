using System.Runtime.CompilerServices;

namespace HighAvail.Hosting.Orchestration;

/// <summary>The output of one replica. Writing never waits for a reader or the disk.</summary>
internal sealed class ReplicaLog(LogFile? file, LogOptions options, TimeProvider time) : IDisposable
{
    private const int ReadAtOnce = 256;

    private readonly Lock _gate = new();
    private readonly LogLine[] _ring = new LogLine[options.MaxLines];
    private long _first = 1;
    private long _last;
    private long _bytes;
    private TaskCompletionSource? _appended;
    private bool _completed;

    /// <summary>The number of lines ever written.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void Append(bool isError, string text)
    {
        LogLine line;
        TaskCompletionSource? appended;
        lock (_gate)
        {
            line = new(++_last, time.GetUtcNow(), isError, text);
            _bytes += Size(line);
            while (_last - _first >= _ring.Length || (_bytes > options.MaxBytes && _first < _last))
            {
                _bytes -= Size(Slot(_first));
                Slot(_first++) = null!;
            }

            Slot(_last) = line;
            file?.Append(line);
            appended = _appended;
            _appended = null;
        }

        appended?.TrySetResult();
    }

    /// <summary>Nothing more comes: those who follow are given what is there, and no more.</summary>
    public void Complete()
    {
        TaskCompletionSource? appended;
        lock (_gate)
        {
            _completed = true;
            appended = _appended;
            _appended = null;
        }

        appended?.TrySetResult();
    }

    /// <summary>The last lines that are kept, oldest first.</summary>
    public IReadOnlyList<LogLine> Snapshot(int maxLines = int.MaxValue)
    {
        lock (_gate)
        {
            return Copy(Math.Max(_first, _last - maxLines + 1), int.MaxValue);
        }
    }

    /// <summary>What is kept after a line, then what comes, until it is cancelled.</summary>
    /// <param name="afterSequence">The last line already known; 0 for none.</param>
    /// <param name="cancellationToken">Ends the sequence with an exception.</param>
    public async IAsyncEnumerable<LogLine> FollowAsync(
        long afterSequence,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            LogLine[] lines;
            Task appended;
            bool completed;
            lock (_gate)
            {
                completed = _completed;
                lines = Copy(Math.Max(_first, afterSequence + 1), ReadAtOnce);
                appended = (_appended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (lines.Length == 0 && completed)
            {
                yield break;
            }

            if (lines.Length == 0)
            {
                await appended.WaitAsync(cancellationToken);
            }

            foreach (var line in lines)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var lost = line.Sequence - afterSequence - 1;
                afterSequence = line.Sequence;
                yield return lost == 0 ? line : line with { LostBefore = lost };
            }
        }
    }

    public void Dispose() => file?.Dispose();

    private static long Size(LogLine line) => line.Text.Length * sizeof(char);

    private ref LogLine Slot(long sequence) => ref _ring[sequence % _ring.Length];

    private LogLine[] Copy(long from, int maxLines)
    {
        var lines = new LogLine[Math.Max(0, Math.Min(_last - from + 1, maxLines))];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = Slot(from + i);
        }

        return lines;
    }
}
