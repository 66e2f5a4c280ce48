using System.Collections.Concurrent;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Startup;

public class StartupRunnerTests
{
    private sealed class RecordingLogger : ILogger<StartupRunner>
    {
        public ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception), exception));
    }

    private sealed class Step(string name, Func<Task> run) : IStartupTask
    {
        public string Name => name;

        public Task RunAsync(CancellationToken cancellationToken) => run();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopped.TrySetResult();
    }

    private readonly FakeTimeProvider _time = new();
    private readonly Lifetime _lifetime = new();
    private readonly StartupGate _gate = new();
    private readonly RecordingLogger _log = new();

    [Fact]
    public async Task Start_NoTasks_OpensTheGate()
    {
        using var runner = Create();
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await _gate.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(_gate.IsOpen);
    }

    [Fact]
    public async Task Start_DatabaseIsAway_RepeatsWithGrowingPausesAndThenGoesOn()
    {
        var attempts = new List<TimeSpan>();
        var start = _time.GetUtcNow();
        var order = new List<string>();
        using var runner = Create(
            new Step("migrations", () =>
            {
                attempts.Add(_time.GetUtcNow() - start);
                if (attempts.Count <= 5)
                {
                    throw new NpgsqlException("The database is away.");
                }

                order.Add("migrations");
                return Task.CompletedTask;
            }),
            new Step("keys", () =>
            {
                order.Add("keys");
                return Task.CompletedTask;
            }));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await AdvanceUntilOpenAsync();

        Assert.Equal(["migrations", "keys"], order);
        var pauses = attempts.Zip(attempts.Skip(1), (a, b) => (b - a).TotalMilliseconds).ToArray();
        Assert.Equal(5, pauses.Length);
        foreach (var (pause, least) in pauses.Zip([100.0, 200, 400, 800, 1000]))
        {
            Assert.InRange(pause, least, double.MaxValue);
        }
    }

    [Fact]
    public async Task Start_DatabaseIsAwayForAWhile_LogsTheOutageAndItsEndInOneLineEach()
    {
        var attempts = 0;
        using var runner = Create(new Step("migrations", () => ++attempts <= 5 ? throw new NpgsqlException("Connection refused") : Task.CompletedTask));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await AdvanceUntilOpenAsync();

        Assert.Collection(
            _log.Lines,
            line =>
            {
                Assert.Equal(LogLevel.Warning, line.Level);
                Assert.Contains("migrations", line.Text, StringComparison.Ordinal);
                Assert.Contains("Connection refused", line.Text, StringComparison.Ordinal);
                Assert.Null(line.Exception);
            },
            line => Assert.Equal(LogLevel.Information, line.Level));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CrashShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction)]
    [InlineData(PostgresErrorCodes.InvalidCatalogName)]
    public async Task Start_ServerCannotServeYet_GoesOnWhenItCan(string sqlState)
    {
        var attempts = 0;
        using var runner = Create(new Step("migrations", () => ++attempts == 1 ? throw Refused(sqlState) : Task.CompletedTask));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await AdvanceUntilOpenAsync();

        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task Start_OutcomeOfAWriteIsUnknown_RunsTheTaskAgain()
    {
        var attempts = 0;
        using var runner = Create(new Step("keys", () => ++attempts == 1 ? throw new UnknownOutcomeException(null) : Task.CompletedTask));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await AdvanceUntilOpenAsync();

        Assert.Equal(2, attempts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_TaskFailsForGood_StopsTheProcessWithTheGateClosed(bool fromDatabase)
    {
        using var runner = Create(new Step("migrations", () => throw (fromDatabase ? Refused(PostgresErrorCodes.SyntaxError) : new InvalidDataException())));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await _lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(_gate.IsOpen);
        Assert.Equal(LogLevel.Critical, Assert.Single(_log.Lines).Level);
    }

    private static PostgresException Refused(string sqlState) => new("Refused.", "FATAL", "FATAL", sqlState);

    private Task AdvanceUntilOpenAsync() => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return _gate.IsOpen;
        },
        "the gate");

    private StartupRunner Create(params IStartupTask[] tasks) => new(
        tasks, _gate, _lifetime, Options.Create(new StartupOptions()), _time, _log);
}
