using System.Globalization;
using Spectre.Console;

namespace HighAvail.Drill.Report;

/// <summary>A terminal, or a file that the output goes to: there, plain lines.</summary>
internal sealed class ConsoleView(IAnsiConsole console, TimeProvider time) : IDrillView
{
    private const int ShownNews = 12;
    private static readonly TimeSpan _liveInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _plainInterval = TimeSpan.FromSeconds(10);

    public void Say(string text) => console.WriteLine(text);

    public Task FollowAsync(DrillProgress progress, CancellationToken stop) =>
        console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal ? ShowLiveAsync(progress, stop) : PrintLinesAsync(progress, stop);

    private async Task ShowLiveAsync(DrillProgress progress, CancellationToken stop)
    {
        var counters = new LiveCounters(progress);
        await console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(_liveInterval, time);
            do
            {
                var news = progress.NewsSince(0);
                live.UpdateTarget(new Rows([
                    .. news.Skip(news.Count - ShownNews).Select(n => new Text(n, Color.Grey)),
                    new Text(counters.Next(), new Style(decoration: Decoration.Bold)),
                ]));
                live.Refresh();
            }
            while (await NextAsync(timer, stop));
        });
    }

    private async Task PrintLinesAsync(DrillProgress progress, CancellationToken stop)
    {
        var counters = new LiveCounters(progress);
        var printed = 0;
        var countedAt = TimeSpan.Zero;
        using var timer = new PeriodicTimer(_liveInterval, time);
        bool goesOn;
        do
        {
            goesOn = await NextAsync(timer, stop);
            foreach (var news in progress.NewsSince(printed))
            {
                printed++;
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{progress.Elapsed:hh\\:mm\\:ss}  {news}"));
            }

            if (!goesOn || progress.Elapsed - countedAt >= _plainInterval)
            {
                countedAt = progress.Elapsed;
                console.WriteLine(counters.Next());
            }
        }
        while (goesOn);
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
