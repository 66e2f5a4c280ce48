using System.Net;

namespace HighAvail.Tests.Gateway.Forwarding;

/// <summary>What is kept of requests has a limit: with a gateway that has next to no room.</summary>
public sealed class RoomTests(RoomTests.SmallGateway gateway) : IClassFixture<RoomTests.SmallGateway>
{
    // There is room for one, whichever of them that is; between two of its tries another may take it.
    [Fact]
    public async Task Request_NoRoomToBeParked_Answers503AtOnce()
    {
        await gateway.PublishOrdersAsync(Array.Empty<string>());
        var requests = Enumerable.Range(0, 6).Select(_ => gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken)).ToList();

        while (requests.Count > 1)
        {
            var refused = await Task.WhenAny(requests);
            requests.Remove(refused);
            using var refusal = await refused;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        }

        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));
        using var response = await requests[0];
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Request_NoRoomForItsBody_Answers503UntilThereIs()
    {
        var release = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders", async context =>
        {
            if (context.Request.Query.ContainsKey("wait"))
            {
                entered.TrySetResult();
                await release.Task.WaitAsync(context.RequestAborted);
            }

            return false;
        }));
        var large = PostAsync("/orders?wait", 200_000);
        await entered.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var refused = await PostAsync("/orders", 100_000);
        using var small = await PostAsync("/orders", 1_000);
        release.SetResult();
        using var served = await large;
        using var afterwards = await PostAsync("/orders", 100_000);

        await GatewayFixture.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(HttpStatusCode.OK, afterwards.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string path, int size) =>
        gateway.Client.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(new byte[size]), TestContext.Current.CancellationToken);

    public sealed class SmallGateway : GatewayFixture
    {
        protected override IEnumerable<(string Name, string Value)> Settings => [("Forwarding__MaxParked", "1"), ("Forwarding__MaxBufferedBytes", "262144")];
    }
}
