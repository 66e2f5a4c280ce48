using HighAvail.ServiceDefaults.Draining;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.ServiceDefaults.Draining;

public sealed class DrainServiceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DrainSignal _signal = new();
    private readonly DrainService _service;

    public DrainServiceTests() => _service = new DrainService(
        _signal, Options.Create(new DrainOptions { Delay = TimeSpan.FromSeconds(1) }), _time, NullLogger<DrainService>.Instance);

    public void Dispose()
    {
        _service.Dispose();
        _signal.Dispose();
    }

    [Fact]
    public async Task Stopping_Terminated_SignalsAtOnceAndWaitsForTheDelay()
    {
        var stopping = _service.StoppingAsync(TestContext.Current.CancellationToken);
        Assert.True(_signal.Draining.IsCancellationRequested);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await stopping;
    }

    [Fact]
    public async Task Stopping_InterruptedBefore_DoesNotWait()
    {
        _service.Hurry();

        await _service.StoppingAsync(TestContext.Current.CancellationToken);

        Assert.True(_signal.IsDraining);
    }

    [Fact]
    public async Task Stopping_InterruptedMeanwhile_EndsTheWait()
    {
        var stopping = _service.StoppingAsync(TestContext.Current.CancellationToken);
        Assert.False(stopping.IsCompleted);

        _service.Hurry();

        await stopping;
    }
}
