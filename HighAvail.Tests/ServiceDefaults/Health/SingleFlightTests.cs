using HighAvail.ServiceDefaults.Health;

namespace HighAvail.Tests.ServiceDefaults.Health;

public class SingleFlightTests
{
    [Fact]
    public async Task RunAsync_OneIsRunning_SharesItAndOutlivesWhoGaveUp()
    {
        var started = 0;
        var finish = new TaskCompletionSource();
        var flight = new SingleFlight(_ =>
        {
            started++;
            return finish.Task;
        });
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
        Assert.Equal(2, started);
    }
}
