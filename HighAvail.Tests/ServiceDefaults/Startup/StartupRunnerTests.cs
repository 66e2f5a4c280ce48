using System.Data.Common;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.ServiceDefaults.Startup;

public class StartupRunnerTests
{
    private sealed class DatabaseException(bool transient) : DbException("The database is away.")
    {
        public override bool IsTransient => transient;
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
                    throw new DatabaseException(transient: true);
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

        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return _gate.IsOpen;
            },
            "the gate");

        Assert.Equal(["migrations", "keys"], order);
        var pauses = attempts.Zip(attempts.Skip(1), (a, b) => (b - a).TotalMilliseconds).ToArray();
        Assert.Equal(5, pauses.Length);
        foreach (var (pause, least) in pauses.Zip([100.0, 200, 400, 800, 1000]))
        {
            Assert.InRange(pause, least, double.MaxValue);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_TaskFailsForGood_StopsTheProcessWithTheGateClosed(bool fromDatabase)
    {
        using var runner = Create(new Step("migrations", () => throw (fromDatabase ? new DatabaseException(transient: false) : new InvalidDataException())));
        await runner.StartAsync(TestContext.Current.CancellationToken);

        await _lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(_gate.IsOpen);
    }

    private StartupRunner Create(params IStartupTask[] tasks) => new(
        tasks, _gate, _lifetime, Options.Create(new StartupOptions()), _time, NullLogger<StartupRunner>.Instance);
}
