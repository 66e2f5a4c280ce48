using System.Net;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class LoadSheddingTests(CrowdedGateway gateway) : IClassFixture<CrowdedGateway>
{
    [Fact]
    public async Task Request_MoreAtOnceThanPlaces_Answers503AtOnceAndOtherServicesAreServed()
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
        var served = GetAsync("/orders");
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref entered) == 1), "the first to be under way");

        // One waits; who comes then is refused, whichever of the two it is.
        var (second, third) = (GetAsync("/orders"), GetAsync("/orders"));
        var refused = await Task.WhenAny(second, third);
        using var refusal = await refused;
        using var other = await GetAsync("/users");
        release.SetResult();
        using var answer = await served;
        using var waited = await (refused == second ? third : second);

        var problem = await GatewayFixture.AssertProblemAsync(refusal, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refusal.Headers.RetryAfter);
        Assert.Contains("too many", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, waited.StatusCode);
        Assert.Equal(2, entered);
    }

    // A client that leaves gives its place back: with one place, nobody else would ever get one.
    [Fact]
    public async Task Request_ClientsLeave_GiveTheirPlacesBack()
    {
        var entered = 0;
        var orders = await gateway.StartReplicaAsync("orders", async context =>
        {
            if (Interlocked.Increment(ref entered) <= 3)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            return false;
        });
        await gateway.PublishOrdersAsync(orders);
        for (var i = 1; i <= 3; i++)
        {
            using var leaves = new CancellationTokenSource();
            using var client = gateway.CreateClient();
            var request = client.PostAsync(new Uri("/orders", UriKind.Relative), new StringContent("x"), leaves.Token);
            await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref entered) == i), "the request to be under way");
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }

        using var response = await GetAsync("/orders");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, entered);
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
