using HighAvail.Hosting.Orchestration;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Gateway.Forwarding;

public sealed class DrainTests(DrainTests.LeavingGateway gateway) : IClassFixture<DrainTests.LeavingGateway>
{
    // Streams are resumed at another gateway. One that comes here all the same must not be refused: to a browser that would be the end of it.
    [Fact]
    public async Task Stream_GatewayLeaves_EndsAndAnotherIsServedForAMoment()
    {
        var orders = await gateway.StartReplicaAsync("orders", static async context =>
        {
            if (context.Request.Path != "/orders/7/events")
            {
                return false;
            }

            await context.Response.WriteAsync(": begins\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        });
        await gateway.PublishOrdersAsync(orders);
        await using var before = await OpenAsync();

        gateway.Process.Signal(StopSignal.Terminate);
        await EndAsync(before);
        await using var meanwhile = await OpenAsync();
        using var other = await gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);
        await EndAsync(meanwhile);

        Assert.True(other.IsSuccessStatusCode);
        Assert.DoesNotContain($"orders/{orders.Address.OriginalString}", gateway.Process.Output, StringComparison.Ordinal);
        Assert.Equal(0, await gateway.Process.Exited);
    }

    private async Task<Stream> OpenAsync()
    {
        var stream = await gateway.Client.GetStreamAsync(new Uri("/orders/7/events", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(": begins\n\n"u8.Length, await stream.ReadAtLeastAsync(new byte[64], ": begins\n\n"u8.Length, cancellationToken: TestContext.Current.CancellationToken));
        return stream;
    }

    private static async Task EndAsync(Stream stream) => await Assert.ThrowsAnyAsync<IOException>(
        async () => Assert.NotEqual(0, await stream.ReadAsync(new byte[64], TestContext.Current.CancellationToken)));

    public sealed class LeavingGateway : GatewayFixture
    {
        // Longer than all that happens while it leaves.
        protected override IEnumerable<(string Name, string Value)> Settings => [("Drain__Delay", "00:00:10"), ("Drain__ShutdownTimeout", "00:01:00")];
    }
}
