using System.Net;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class BurstTests(BurstTests.PatientGateway patient, BurstTests.HurriedGateway hurried)
    : IClassFixture<BurstTests.PatientGateway>, IClassFixture<BurstTests.HurriedGateway>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_PlacesAreTakenForAMoment_WaitsForOne()
    {
        var release = new TaskCompletionSource();
        var (first, second) = await AskTwiceAsync(patient, release);

        // Longer than it would wait in a crowd that lasts.
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(500, Cancelled)));
        release.SetResult();

        foreach (var response in await Task.WhenAll(first, second))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
    }

    [Fact]
    public async Task Request_PlacesAreTakenForLonger_IsRefused()
    {
        var release = new TaskCompletionSource();
        var (first, second) = await AskTwiceAsync(hurried, release);

        using var refusal = await second;
        release.SetResult();
        using var served = await first;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    // The first has the only place when the second comes.
    private static async Task<(Task<HttpResponseMessage> First, Task<HttpResponseMessage> Second)> AskTwiceAsync(CrowdedGateway gateway, TaskCompletionSource release)
    {
        var entered = 0;
        var orders = await gateway.StartReplicaAsync("orders", async context =>
        {
            Interlocked.Increment(ref entered);
            await release.Task.WaitAsync(context.RequestAborted);
            return false;
        });
        await gateway.PublishOrdersAsync(orders);
        var first = gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), Cancelled);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref entered) == 1), "the first to be under way");
        return (first, gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), Cancelled));
    }

    private static bool IsOther((string Name, string Value) setting) => setting.Name is not ("Limits__QueueTime" or "Limits__BurstTime");

    /// <summary>Takes whatever comes for a burst.</summary>
    public sealed class PatientGateway : CrowdedGateway
    {
        protected override IEnumerable<(string Name, string Value)> Settings =>
            [.. base.Settings.Where(IsOther), ("Limits__QueueTime", "00:00:00.001"), ("Limits__BurstTime", "00:05:00")];
    }

    /// <summary>Takes nothing for a burst.</summary>
    public sealed class HurriedGateway : CrowdedGateway
    {
        protected override IEnumerable<(string Name, string Value)> Settings =>
            [.. base.Settings.Where(IsOther), ("Limits__QueueTime", "00:00:00.001"), ("Limits__BurstTime", "00:00:00")];
    }
}
