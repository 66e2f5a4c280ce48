using System.Net;
using System.Net.Http.Headers;

namespace HighAvail.Tests.Gateway.Limits;

public sealed class LimitsTests(LimitedGateway gateway) : IClassFixture<LimitedGateway>
{
    // Each half of what all gateways grant together, and twice that at once.
    [Theory]
    [InlineData("/orders", true, 4)]
    [InlineData("/orders", false, 8)]
    [InlineData("/auth/login", false, 2)]
    [InlineData("/AUTH/login", false, 2)]
    public async Task Request_MoreThanGranted_Answers429ProblemAndOthersAreServed(string path, bool isUser, int granted)
    {
        await PublishBothAsync();
        var (token, address) = (isUser ? $"{Guid.NewGuid()}" : null, isUser ? null : RandomAddress());
        var rejected = await RejectedAfterAsync(path, token, address);
        using var other = await SendAsync(path, token is null ? null : "another", address is null ? null : RandomAddress());

        // While they were sent, some more were granted.
        Assert.InRange(rejected.Granted, granted, 4 * granted);
        await GatewayFixture.AssertProblemAsync(rejected.Response, HttpStatusCode.TooManyRequests);
        Assert.True(rejected.Response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Request_NewTokenEachTime_IsHeldByItsAddress()
    {
        await PublishBothAsync();
        var address = RandomAddress();
        HttpResponseMessage? response = null;

        await Eventually.TrueAsync(
            async () =>
            {
                response?.Dispose();
                response = await SendAsync("/orders", $"{Guid.NewGuid()}", address);
                return response.StatusCode == HttpStatusCode.TooManyRequests;
            },
            "a limit");

        response!.Dispose();
    }

    [Fact]
    public async Task Request_AnotherAddressOfTheSameIPv6Network_SharesTheLimit()
    {
        await PublishBothAsync();
        var rejected = await RejectedAfterAsync("/auth/login", null, "2001:db8:0:7::1");
        rejected.Response.Dispose();

        await Eventually.TrueAsync(
            async () =>
            {
                using var neighbour = await SendAsync("/auth/login", null, "2001:db8:0:7::2");
                return neighbour.StatusCode == HttpStatusCode.TooManyRequests;
            },
            "the neighbour to be limited");
    }

    [Fact]
    public async Task Request_FromThisMachine_IsNotLimitedByAddress()
    {
        await PublishBothAsync();

        for (var i = 0; i < 30; i++)
        {
            using var response = await SendAsync("/auth/login", null, null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

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
        var served = SendAsync("/orders", null, null);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref entered) == 1), "the first to be under way");

        // One waits; who comes then is refused, whichever of the two it is.
        var (second, third) = (SendAsync("/orders", null, null), SendAsync("/orders", null, null));
        var refused = await Task.WhenAny(second, third);
        using var refusal = await refused;
        using var other = await SendAsync("/users", null, null);
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

        using var response = await SendAsync("/orders", null, null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4, entered);
    }

    private async Task PublishBothAsync() => await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));

    private async Task<(int Granted, HttpResponseMessage Response)> RejectedAfterAsync(string path, string? token, string? address)
    {
        for (var granted = 0; ; granted++)
        {
            var response = await SendAsync(path, token, address);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return (granted, response);
            }

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? token, string? address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address);
        }

        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string RandomAddress() => $"198.51.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}";
}
