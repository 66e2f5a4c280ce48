using System.Net;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class SilenceTests(SilenceTests.AttentiveGateway gateway) : IClassFixture<SilenceTests.AttentiveGateway>
{
    // Before any try is over, nobody has said that the service is in trouble; but it has answered nobody.
    [Fact]
    public async Task Request_ServiceAnswersNobody_WaitsForAPlaceInsteadOfBeingRefused()
    {
        var release = new TaskCompletionSource();
        var entered = 0;
        var orders = await gateway.StartReplicaAsync("orders", async context =>
        {
            Interlocked.Increment(ref entered);
            await release.Task.WaitAsync(context.RequestAborted);
            return false;
        });
        await gateway.PublishOrdersAsync(orders);
        var first = gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref entered) == 1), "the first to be under way");
        await AttentiveGateway.WaitForSilenceAsync();

        var others = Enumerable.Range(0, 10).Select(_ => gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken)).ToList();
        await AttentiveGateway.WaitForArrivalAsync();
        Assert.DoesNotContain(others, static other => other.IsCompleted);
        release.SetResult();

        foreach (var response in await Task.WhenAll([first, .. others]))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        Assert.Equal(11, entered);
    }

    /// <summary>A gateway that has one place for each service, and soon notices that nothing is answered.</summary>
    public sealed class AttentiveGateway : CrowdedGateway
    {
        private static readonly TimeSpan _silence = TimeSpan.FromMilliseconds(20);

        protected override IEnumerable<(string Name, string Value)> Settings =>
            [.. base.Settings.Where(static setting => setting.Name != "Forwarding__Silence"), ("Forwarding__Silence", $"{_silence:c}")];

        /// <summary>Nothing to wait for can be seen from outside: it is that nothing happens.</summary>
        internal static Task WaitForSilenceAsync() => Task.Delay(5 * _silence, TestContext.Current.CancellationToken);

        /// <summary>Nor that requests have arrived: they wait.</summary>
        internal static Task WaitForArrivalAsync() => Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
    }
}
