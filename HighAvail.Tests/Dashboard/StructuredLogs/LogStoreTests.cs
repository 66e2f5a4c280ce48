using HighAvail.Dashboard.StructuredLogs;
using HighAvail.Dashboard.Telemetry;
using HighAvail.Dashboard.Telemetry.Filters;
using HighAvail.Drill.Bench.Telemetry;
using HighAvail.Tests.Dashboard.Telemetry.Otlp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Dashboard.StructuredLogs;

public sealed class LogStoreTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Add_MoreThanTheLimit_LastOnesRemain()
    {
        var store = Store(new() { MaxLogCount = 3 });

        // What claims to be of the future does not stay for ever.
        Add(store, [.. Enumerable.Range(1, 10).Select(i => OtlpMessages.Log($"{i}", time: i == 1 ? ulong.MaxValue : null))]);

        Assert.Equal(["8", "9", "10"], store.Snapshot().Select(log => log.ReadText()));
        Assert.Equal([8L, 9, 10], store.Snapshot().Select(log => log.Id));
    }

    [Fact]
    public void Add_MoreBytesThanTheLimit_LastOnesRemain()
    {
        var store = Store(new() { MaxLogBytes = 100_000 });

        Add(store, [.. Enumerable.Range(1, 50).Select(i => OtlpMessages.Log(new string('x', 10_000)))]);

        Assert.Equal(9, store.Snapshot().Length);
        Assert.Equal(50, store.Snapshot()[^1].Id);
    }

    [Fact]
    public void Read_TimesThatAreNotSaid_AreWhenItWasSeen()
    {
        var store = Store();

        Add(store, OtlpMessages.Log("nothing said", time: 0), OtlpMessages.Log("seen", time: 0).Fixed64(11, 5_000));

        Assert.Equal([TelemetryTime.FromDateTime(_time.GetUtcNow()), 5_000UL], store.Snapshot().Select(log => log.Time));
    }

    [Theory]
    [InlineData(0, LogLevel.Information)]
    [InlineData(1, LogLevel.Trace)]
    [InlineData(8, LogLevel.Debug)]
    [InlineData(9, LogLevel.Information)]
    [InlineData(13, LogLevel.Warning)]
    [InlineData(17, LogLevel.Error)]
    [InlineData(24, LogLevel.Critical)]
    [InlineData(999, LogLevel.Critical)]
    public void Read_Severity_IsALevel(int severity, LogLevel expected)
    {
        var store = Store();

        Add(store, OtlpMessages.Log("text", severity));

        Assert.Equal(expected, store.Snapshot().Single().Level);
    }

    [Theory]
    [InlineData("", 3, 2, 1)]
    [InlineData("level=Warning", 2, 1)]
    [InlineData("text=PAID", 3)]
    [InlineData("text=shop", 3, 2, 1)]
    [InlineData("is:Order:7", 3, 1)]
    [InlineData("greater:Order:7", 2)]
    [InlineData("isnot:Order:7", 2)]
    [InlineData("is:Missing:7")]
    [InlineData("is:trace:00000000000000000000000000000005", 1)]
    [InlineData("is:span:0000000000000006 contains:message:broke", 1)]
    [InlineData("is:category:Shop.Orders is:level:error", 2)]
    [InlineData("less:time:2026-01-02T12:00:01Z", 1)]
    [InlineData("resource=orders", 3, 2, 1)]
    [InlineData("resource=orders-1")]
    public void Apply_Conditions_AreMetByWhatIsLeftLatestFirst(string conditions, params int[] expected)
    {
        var store = Store();
        Add(
            store,
            OtlpMessages.Log("it broke", 13, trace: 5, span: 6).Attribute(6, "Order", 7),
            OtlpMessages.Log("it broke again", 17, time: OtlpMessages.Noon + OtlpMessages.Second).Attribute(6, "Order", 8),
            OtlpMessages.Log("it was paid", 9, time: OtlpMessages.Noon + (2 * OtlpMessages.Second)).Attribute(6, "Order", 7));
        var parts = conditions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var query = new LogQuery(
            Value("resource="),
            Value("level=") is { } level ? Enum.Parse<LogLevel>(level) : LogLevel.Trace,
            Value("text="),
            0,
            FilterParameters.Parse([.. parts.Where(part => part.Contains(':'))]));

        Assert.Equal(expected, query.Apply(store.Snapshot()).Select(log => (int)log.Id));

        string? Value(string name) => Array.Find(parts, part => part.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    private LogStore Store(TelemetryLimits? limits = null) => new(Options.Create(limits ?? new()), _time);

    private void Add(LogStore store, params IEnumerable<ProtobufWriter> logs) =>
        store.Add(new LogReader(new TelemetryResources(), _time).Read(OtlpMessages.Request("orders", "orders-0", "Shop.Orders", logs)));
}
