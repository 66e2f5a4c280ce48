using HighAvail.Drill.Faults;
using HighAvail.Drill.Load;
using HighAvail.Drill.Report;
using HighAvail.Drill.Systems;

namespace HighAvail.Drill;

/// <summary>What happens to the system while there is load.</summary>
/// <param name="options">What is to happen.</param>
/// <param name="system">To what; none where only its address is known.</param>
/// <param name="progress">Told of it.</param>
/// <param name="input">Where somebody who breaks something says so, a line each time.</param>
/// <param name="time">The clock.</param>
internal sealed class DrillFaults(DrillOptions options, RunningSystem? system, DrillProgress progress, TextReader input, TimeProvider time)
{
    // Several times what a machine under load takes to start everything.
    private static readonly TimeSpan _healLimit = TimeSpan.FromSeconds(30);

    // The host learns of the end of a process at once, but not before the one who ended it does.
    private static readonly TimeSpan _noticeTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _lookInterval = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new(options.Seed);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        switch (options.Mode)
        {
            case FaultMode.Scenarios:
                await InjectAsync(scenarios => FaultSchedule.Each(options.WarmUp, scenarios), Timeout.InfiniteTimeSpan, cancellationToken);
                break;
            case FaultMode.Random:
                await InjectAsync(scenarios => FaultSchedule.Random(options.Seed, scenarios), options.Duration, cancellationToken);
                break;
            case FaultMode.External:
                await NoteExternalAsync(cancellationToken);
                break;
            default:
                await Task.Delay(options.Duration, time, cancellationToken);
                break;
        }
    }

    private async Task InjectAsync(
        Func<IReadOnlyList<Scenario>, IEnumerable<PlannedFault>> schedule, TimeSpan duration, CancellationToken cancellationToken)
    {
        var target = system ?? throw new InvalidOperationException("Faults need a host.");
        var scenarios = Available(await target.Control.ResourcesAsync(cancellationToken));
        var injector = new FaultInjector(target, _random, _healLimit, time, progress.Mark);
        var isEndless = duration == Timeout.InfiniteTimeSpan;
        foreach (var (pause, scenario) in schedule(scenarios))
        {
            await Task.Delay(pause, time, cancellationToken);
            if (!isEndless && progress.Elapsed >= duration)
            {
                return;
            }

            await InjectAsync(injector, target, scenario, cancellationToken);
        }
    }

    private List<Scenario> Available(IReadOnlyList<ResourceView> resources)
    {
        var available = new List<Scenario>();
        foreach (var scenario in options.Scenarios)
        {
            if (FaultInjector.WhyNot(scenario, resources) is { } reason)
            {
                progress.Add(new() { Name = scenario.Name, Title = scenario.Title, NotAvailable = reason }, $"{scenario.Name}: not available: {reason}");
            }
            else
            {
                available.Add(scenario);
            }
        }

        return available.Count > 0
            ? available
            : throw new DrillException($"None of the faults can be made: {string.Join("; ", progress.Faults.Select(f => $"{f.Name}: {f.NotAvailable}"))}.");
    }

    private async Task InjectAsync(FaultInjector injector, RunningSystem target, Scenario scenario, CancellationToken cancellationToken)
    {
        var samplesBefore = progress.Log.Count;
        var beganAt = progress.Elapsed;
        TimeSpan? healedAt = null;
        var isSettled = false;
        string? notMade = null;
        string? error = null;
        try
        {
            notMade = await NotMadeAsync(injector, scenario, cancellationToken);
            var limit = progress.Elapsed + _healLimit;
            healedAt = await HealAsync(target, cancellationToken);
            isSettled = await SettleAsync(samplesBefore, limit, cancellationToken);
        }
        catch (DrillException exception)
        {
            error = exception.Message;
        }

        var seen = RequestStatistics.Of(progress.Log.Since(samplesBefore));
        progress.Add(
            new()
            {
                Name = scenario.Name,
                Title = scenario.Title,
                BeganAt = beganAt,
                EndedAt = progress.Elapsed,
                HealedAt = healedAt,
                WasWatched = true,
                IsSettled = isSettled,
                NotMade = notMade,
                Error = error,
                Marks = progress.MarksSince(beganAt),
            },
            FormattableString.Invariant($"{scenario.Name}: {seen.Requests} requests, {seen.Failed} failed, {seen.Unknown} unknown, ")
            + (notMade is null ? "" : $"not made: {notMade} ")
            + (error ?? Describe(healedAt - beganAt, isSettled)));
    }

    // The steps before may have broken something; so it is watched whether that heals.
    private static async Task<string?> NotMadeAsync(FaultInjector injector, Scenario scenario, CancellationToken cancellationToken)
    {
        try
        {
            await injector.InjectAsync(scenario, cancellationToken);
            return null;
        }
        catch (NotMadeException exception)
        {
            return exception.Message;
        }
    }

    private static string Describe(TimeSpan? healing, bool isSettled) => (healing, isSettled) switch
    {
        (null, _) => "not healthy again",
        ({ } after, true) => FormattableString.Invariant($"healthy after {after.TotalSeconds:0.0} s"),
        ({ } after, false) => FormattableString.Invariant($"healthy after {after.TotalSeconds:0.0} s, but requests still fail"),
    };

    // What the host finds healthy may still fail its customers; and what one fault leaves behind must not count for the next.
    private async Task<bool> SettleAsync(int samplesBefore, TimeSpan limit, CancellationToken cancellationToken)
    {
        var calm = new Calm(progress.Log, samplesBefore, progress.Elapsed, options.Recovery);
        while (!calm.IsReached(progress.Elapsed, progress.OldestUnanswered))
        {
            if (progress.Elapsed > limit + options.Recovery)
            {
                return false;
            }

            await Task.Delay(_lookInterval, time, cancellationToken);
        }

        return true;
    }

    private async Task<TimeSpan?> HealAsync(RunningSystem target, CancellationToken cancellationToken)
    {
        await Task.Delay(_noticeTime, time, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_healLimit);
        try
        {
            await target.UntilHealthyAsync(limit.Token);
            return progress.Elapsed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    // Each line ends one disturbance and begins the next.
    private async Task NoteExternalAsync(CancellationToken cancellationToken)
    {
        var end = Task.Delay(options.Duration, time, cancellationToken);
        (TimeSpan At, string Text)? current = null;
        while (true)
        {
            // Reading from a terminal cannot be cancelled; what is left of it ends with the process.
            var line = Task.Run(input.ReadLine, CancellationToken.None);
            var isOver = await Task.WhenAny(line, end) == end || await line is null;
            if (current is { } disturbance)
            {
                progress.Add(
                    new()
                    {
                        Name = disturbance.Text,
                        Title = disturbance.Text,
                        BeganAt = disturbance.At,
                        EndedAt = isOver ? options.Duration : progress.Elapsed,
                        Marks = [new(disturbance.At, disturbance.Text)],
                    },
                    $"{disturbance.Text}: over");
            }

            if (isOver)
            {
                await end;
                return;
            }

            var text = (await line)!.Trim();
            current = (progress.Elapsed, text.Length > 0 ? text : FormattableString.Invariant($"mark {progress.Faults.Count + 1}"));
            progress.Mark(current.Value.Text);
        }
    }
}
