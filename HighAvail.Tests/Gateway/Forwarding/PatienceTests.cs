using System.Net;
using HighAvail.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Gateway.Forwarding;

/// <summary>What is done when time runs out: with a gateway that waits for as short as it may here.</summary>
public sealed class PatienceTests(PatienceTests.ImpatientGateway gateway) : IClassFixture<PatienceTests.ImpatientGateway>
{
    [Fact]
    public async Task Request_ReplicaHangs_IsAnsweredByAnother()
    {
        var hangs = 0;
        var hanging = await StartHangingAsync(() => Interlocked.Increment(ref hangs));
        await gateway.PublishOrdersAsync(hanging, await gateway.StartReplicaAsync("well"));

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await PostAsync("/orders", "x");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return Volatile.Read(ref hangs) > 0;
            },
            "a request that met the hanging replica first");
    }

    [Fact]
    public async Task Request_AllReplicasHang_Answers504Problem()
    {
        await gateway.PublishOrdersAsync([await StartHangingAsync(), await StartHangingAsync(), await StartHangingAsync()]);

        using var response = await GetAsync("/orders");

        await GatewayFixture.AssertProblemAsync(response, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Request_NoReplicaInTime_Answers503ProblemThatSaysHowToRepeat()
    {
        await gateway.PublishOrdersAsync(Array.Empty<string>());

        using var response = await PostAsync("/orders", "x");

        var problem = await GatewayFixture.AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("the same Idempotency-Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(Assert.Single(response.Headers.GetValues("Idempotency-Key")), out _));
    }

    [Fact]
    public async Task Request_EventStreamIsSilent_IsNotCut()
    {
        var orders = await gateway.StartReplicaAsync("orders", static async context =>
        {
            if (context.Request.Path != "/orders/7/events")
            {
                return false;
            }

            await context.Response.WriteAsync(": begins\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            // Longer than the whole of any other request may take.
            await Task.Delay(TimeSpan.FromSeconds(7), context.RequestAborted);
            await context.Response.WriteAsync(": ends\n\n", context.RequestAborted);
            return true;
        });
        await gateway.PublishOrdersAsync(orders);

        var stream = await gateway.Client.GetStringAsync(new Uri("/orders/7/events", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(": begins\n\n: ends\n\n", stream);
    }

    // Nobody waits for the answer any more: nothing is tried, and no thread is busy with it.
    [Fact]
    public async Task Request_ClientLeavesWhileItIsParked_EndsAtOnce()
    {
        await gateway.PublishOrdersAsync(Array.Empty<string>());
        using var client = gateway.CreateClient();
        using var leaves = new CancellationTokenSource();
        var requests = Enumerable.Range(0, 20).Select(_ => client.GetAsync(new Uri("/orders", UriKind.Relative), leaves.Token)).ToArray();
        using var other = await gateway.Client.GetAsync(new Uri("/users", UriKind.Relative), TestContext.Current.CancellationToken);
        await leaves.CancelAsync();
        await Task.WhenAll(requests.Select(static request => Assert.ThrowsAnyAsync<OperationCanceledException>(() => request)));

        // Longer than they would have been parked.
        using var process = System.Diagnostics.Process.GetProcessById(gateway.Process.Id);
        var before = process.TotalProcessorTime;
        using var last = await GetAsync("/orders");
        process.Refresh();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, last.StatusCode);
        // Spinning, the machine's cores would have been busy with it for all of the six seconds.
        Assert.InRange(process.TotalProcessorTime - before, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    private Task<TestService> StartHangingAsync(Action? met = null) => gateway.StartReplicaAsync("hanging", async context =>
    {
        met?.Invoke();
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
        return true;
    });

    private Task<HttpResponseMessage> GetAsync(string path) =>
        gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        gateway.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body), TestContext.Current.CancellationToken);

    public sealed class ImpatientGateway : GatewayFixture
    {
        protected override IEnumerable<(string Name, string Value)> Patience =>
        [
            ("Forwarding__RequestTimeout", "00:00:06"),
            ("Forwarding__TryTimeout", "00:00:02"),
            ("Forwarding__PasswordTryTimeout", "00:00:04"),
        ];
    }
}
