using System.Net;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Gateway.Limits;

// With a gateway of its own: what it has seen of a service it remembers for a while.
public sealed class OutageTests(CrowdedGateway gateway) : IClassFixture<CrowdedGateway>
{
    // It is the outage that fills the places: who comes then waits like those who came before.
    [Fact]
    public async Task Request_PlacesAreTakenInAnOutage_WaitsInsteadOfBeingRefused()
    {
        var isBack = 0;
        var entered = 0;
        var orders = await gateway.StartReplicaAsync("orders", async context =>
        {
            if (Volatile.Read(ref isBack) == 1)
            {
                return false;
            }

            Interlocked.Increment(ref entered);
            await Task.Delay(50, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return true;
        });
        await gateway.PublishOrdersAsync(orders);
        var first = GetAsync("/orders");
        // With the second try the gateway has seen what became of the first.
        await Eventually.TrueAsync(() => Volatile.Read(ref entered) >= 2);

        var requests = Enumerable.Range(0, 20).Select(_ => GetAsync("/orders")).Prepend(first).ToArray();
        Assert.NotSame(requests[5], await Task.WhenAny(requests[5], Task.Delay(500, TestContext.Current.CancellationToken)));
        Volatile.Write(ref isBack, 1);

        foreach (var request in requests)
        {
            using var response = await request;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
