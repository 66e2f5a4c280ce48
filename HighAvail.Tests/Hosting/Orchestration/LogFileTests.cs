using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    private LogFile Create(string path, long maxFileBytes = 16 << 20, ILogger? logger = null) =>
        new(path, new() { MaxFileBytes = maxFileBytes }, _time, logger ?? NullLogger.Instance);

    private LogLine Line(string text, bool isError = false) => new(1, _time.GetUtcNow(), isError, text);

    [Fact]
    public void Append_AfterTheFlushDelay_IsInTheFile()
    {
        var path = _folder.File("logs/orders-0.log");
        using var file = Create(path);
        file.Append(Line("one"));
        file.Append(Line("two 🦊", isError: true));
        Assert.False(File.Exists(path));

        _time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(["2025-01-02T03:04:05.000Z out one", "2025-01-02T03:04:05.000Z err two 🦊"], ReadLines(path));
    }

    [Fact]
    public void Dispose_LinesPending_WritesThemAndTheNextHostAppends()
    {
        var path = _folder.File("orders-0.log");
        using (var file = Create(path))
        {
            file.Append(Line("one"));
        }

        using (var file = Create(path))
        {
            file.Append(Line("two"));
        }

        Assert.Equal(["one", "two"], ReadLines(path).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public void Append_FileIsFull_KeepsOnePredecessor()
    {
        var path = _folder.File("orders-0.log");
        using var file = Create(path, maxFileBytes: 1024);
        for (var i = 0; i < 30; i++)
        {
            file.Append(Line($"{i} {new string('x', 200)}"));
            file.Flush();
        }

        var all = ReadLines(path + ".1").Concat(ReadLines(path)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(Enumerable.Range(30 - all.Count, all.Count).Select(i => $"{i}"), all);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.All(Directory.GetFiles(_folder.Path), path => Assert.InRange(new FileInfo(path).Length, 1, 1024 + 300));
    }

    [Fact]
    public void Append_DiskIsFull_EndsTheFileAndSaysSoOnce()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is needed");
        var path = _folder.File("orders-0.log");
        File.CreateSymbolicLink(path, "/dev/full");
        var logger = new CountingLogger();
        var file = Create(path, logger: logger);

        for (var i = 0; i < 3; i++)
        {
            file.Append(Line("lost"));
            file.Flush();
        }

        file.Dispose();
        Assert.Equal(1, logger.Warnings);
    }

    private static string[] ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class CountingLogger : ILogger
    {
        public int Warnings { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Warnings += logLevel == LogLevel.Warning ? 1 : 0;
    }
}
