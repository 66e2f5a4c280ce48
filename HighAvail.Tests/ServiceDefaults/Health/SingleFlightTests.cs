using HighAvail.ServiceDefaults.Health;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.ServiceDefaults.Health;

public class SingleFlightTests
{
    [Fact]
    public async Task RunAsync_OneIsRunning_SharesItAndOutlivesWhoGaveUp()
    {
        var started = 0;
        var finish = new TaskCompletionSource();
        var time = new FakeTimeProvider();
        var flight = new SingleFlight(
            _ =>
            {
                started++;
                return finish.Task;
            },
            time);
        using var impatient = new CancellationTokenSource();

        var first = flight.RunAsync(impatient.Token);
        var second = flight.RunAsync(TestContext.Current.CancellationToken);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);

        finish.SetResult();
        await second;
        Assert.Equal(1, started);

        await flight.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, started);

        time.Advance(TimeSpan.FromSeconds(5));
        await flight.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, started);
    }

    [Fact]
    public async Task RunAsync_LastOneFailed_AsksAgainAtOnce()
    {
        var started = 0;
        var flight = new SingleFlight(
            _ =>
            {
                started++;
                return started == 1 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
            },
            new FakeTimeProvider());

        await Assert.ThrowsAsync<TimeoutException>(() => flight.RunAsync(TestContext.Current.CancellationToken));
        await flight.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, started);
    }
}
