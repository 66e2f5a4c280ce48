using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace HighAvail.Tests.Gateway.Limits;

// With a gateway of its own: what it has seen of a service it remembers for a while.
public sealed class ReplicaLossTests(CrowdedGateway gateway) : IClassFixture<CrowdedGateway>
{
    // The other replica has twice as much to do, on a machine that has something to start again. That passes.
    [Fact]
    public async Task Request_PlacesAreTakenAfterAReplicaDied_WaitsInsteadOfBeingRefused()
    {
        var met = 0;
        var isBusy = 0;
        var release = new TaskCompletionSource();
        var dying = await gateway.StartReplicaAsync("dying", context =>
        {
            Interlocked.Increment(ref met);
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return Task.FromResult(true);
        });
        var well = await gateway.StartReplicaAsync("well", async context =>
        {
            await (Volatile.Read(ref isBusy) == 1 ? release.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask);
            return false;
        });
        await gateway.PublishOrdersAsync(dying, well);
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await GetAsync("/orders");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return Volatile.Read(ref met) > 0;
            },
            "a request that met the dying replica first");

        // One has the place, and one waits for it.
        Volatile.Write(ref isBusy, 1);
        var requests = Enumerable.Range(0, 20).Select(_ => GetAsync("/orders")).ToArray();
        var answered = Task.WhenAny(requests);
        Assert.NotSame(answered, await Task.WhenAny(answered, Task.Delay(500, TestContext.Current.CancellationToken)));
        release.SetResult();

        foreach (var request in requests)
        {
            using var response = await request;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
