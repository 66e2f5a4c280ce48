using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace HighAvail.Drill.Bench.Telemetry;

/// <summary>What the dashboard takes in: how much for how much CPU time and memory, and how soon it answers.</summary>
internal static class TelemetryBench
{
    // Ten thousand traces of eight spans fill the dashboard's store.
    private const int FullSpans = 80_000;
    private const int ManySpans = 2_000_000;
    private const int PacedSpansPerSecond = 5_000;
    private const int SpansPerRequest = 320;
    private const int MaxMicroseconds = 60_000_000;

    private static readonly string[] _services = ["gateway", "orders", "users"];

    public static async Task RunAsync(BenchOptions options, BenchReport report, CancellationToken cancellationToken)
    {
        var firstPages = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await using var started = await DashboardProcess.StartAsync(cancellationToken);
            firstPages.Add(started.FirstPage.TotalSeconds);
        }

        await using var dashboard = await DashboardProcess.StartAsync(cancellationToken);
        // Two connections for each service: two replicas.
        SpanSender[] senders = [.. _services.Concat(_services).Select(service => new SpanSender(dashboard, service))];
        var sent = 0L;
        try
        {
            var idle = dashboard.Mebibytes;
            await SendAsync(senders, FullSpans * 2, cancellationToken);
            report.Tell("warm-up");
            await SendForAsync(senders, options.WarmUp, cancellationToken);
            var full = dashboard.Mebibytes;

            var (perSecond, perProcessorSecond, cores) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 1; round <= options.Rounds; round++)
            {
                var (processor, begun, before) = (dashboard.ProcessorTime, Stopwatch.GetTimestamp(), sent);
                await SendForAsync(senders, options.Duration, cancellationToken);
                var (used, elapsed) = ((dashboard.ProcessorTime - processor).TotalSeconds, Stopwatch.GetElapsedTime(begun).TotalSeconds);
                perSecond.Add((sent - before) / elapsed);
                perProcessorSecond.Add((sent - before) / used);
                cores.Add(used / elapsed);
                report.Tell(string.Create(CultureInfo.InvariantCulture, $"round {round}  {perSecond[^1]:F0} spans/s, {perProcessorSecond[^1]:F0} per CPU second, {cores[^1]:F2} cores"));
            }

            await SendAsync(senders, (int)Math.Max(0, ManySpans - sent), cancellationToken);
            var many = (Spans: sent, dashboard.Mebibytes);
            var latencies = await PaceAsync(senders[..3], options.Duration * 4, cancellationToken);

            report.Add($"**Telemetry** (median, lowest–highest of {options.Rounds} rounds; requests of 256 to 384 spans of {SpanRequest.SpanBytes} bytes, three services with two connections each, every answer awaited, {senders.Length} at a time, buffers full)");
            report.Add(string.Join(Environment.NewLine,
            [
                Line(" ", $" "),
                Line("---", $"---"),
                Line("spans per CPU second of the dashboard", $"{Spread.Of(perProcessorSecond).ToString("F0")}"),
                Line("spans per second, while the sender has the same cores", $"{Spread.Of(perSecond).ToString("F0")}"),
                Line("cores that it used", $"{Spread.Of(cores).ToString("F2")}"),
                Line("start to first page, s", $"{Spread.Of(firstPages).ToString("F2")}"),
                Line("memory at rest, MiB", $"{idle:F0}"),
                Line("memory with full buffers, MiB", $"{full:F0}"),
                Line($"memory after {many.Spans} spans, MiB", $"{many.Mebibytes:F0}"),
                Line(
                    $"answer at {PacedSpansPerSecond} spans per second, ms: p50, p99, longest",
                    $"{latencies.GetValueAtPercentile(50) / 1000.0:F1}, {latencies.GetValueAtPercentile(99) / 1000.0:F1}, {latencies.GetValueAtPercentile(100) / 1000.0:F1}"),
            ]));
        }
        finally
        {
            foreach (var sender in senders)
            {
                sender.Dispose();
            }
        }

        long Take(int spans) => Interlocked.Add(ref sent, spans) - spans;

        async Task SendAsync(SpanSender[] all, int spans, CancellationToken token)
        {
            var end = sent + spans;
            await Task.WhenAll(all.Select(sender => Task.Run(
                async () =>
                {
                    while (Interlocked.Read(ref sent) < end)
                    {
                        await sender.SendAsync(Take, token);
                    }
                },
                token)));
        }

        async Task SendForAsync(SpanSender[] all, TimeSpan duration, CancellationToken token)
        {
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(all.Select(sender => Task.Run(
                async () =>
                {
                    while (Stopwatch.GetElapsedTime(begun) < duration)
                    {
                        await sender.SendAsync(Take, token);
                    }
                },
                token)));
        }

        // As late as the sender is, the answer is: what waits counts, too.
        async Task<LongHistogram> PaceAsync(SpanSender[] all, TimeSpan duration, CancellationToken token)
        {
            var latencies = new LongHistogram(MaxMicroseconds, 3);
            var begun = Stopwatch.GetTimestamp();
            await Task.WhenAll(all.Select((sender, index) => Task.Run(
                async () =>
                {
                    var every = TimeSpan.FromSeconds((double)SpansPerRequest * all.Length / PacedSpansPerSecond);
                    for (var due = every * index / all.Length; due < duration; due += every)
                    {
                        var early = due - Stopwatch.GetElapsedTime(begun);
                        if (early > TimeSpan.Zero)
                        {
                            await Task.Delay(early, token);
                        }

                        await sender.SendAsync(Take, token);
                        var latency = Stopwatch.GetElapsedTime(begun) - due;
                        lock (latencies)
                        {
                            latencies.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 0, MaxMicroseconds));
                        }
                    }
                },
                token)));
            return latencies;
        }

        static string Line(string what, FormattableString value) => $"| {what} | {value.ToString(CultureInfo.InvariantCulture)} |";
    }
}
