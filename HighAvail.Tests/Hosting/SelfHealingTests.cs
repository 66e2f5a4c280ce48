using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Hosting;

[Collection(nameof(RunningSystem))]
public sealed class SelfHealingTests(RunningSystem system)
{
    [Theory]
    [InlineData("users-0")]
    [InlineData("users-1")]
    [InlineData("orders-0")]
    [InlineData("orders-1")]
    [InlineData("gateway-0")]
    [InlineData("gateway-1")]
    [InlineData("cache")]
    [InlineData("postgres")]
    public async Task Kill_OfAnyProcess_IsHealedAndLosesNothing(string replica)
    {
        var cancelled = Patience.Token;
        using var client = await system.SignInAsync(cancelled);
        var before = await Orders.PlaceAsync(client, cancelled);

        var (killed, healed) = await system.KillAsync(replica, cancelled);

        Assert.Equal(Restarts(killed) + 1, Restarts(healed));

        await WaitUntilServedAsync(client, cancelled);
        var kept = await Orders.WaitForAsync(client, before["id"]!.GetValue<string>(), "confirmed", cancelled);
        Assert.Equal(before["total"]!.GetValue<long>(), kept["total"]!.GetValue<long>());
        var after = await Orders.PlaceAsync(client, cancelled);
        await Orders.WaitForAsync(client, after["id"]!.GetValue<string>(), "confirmed", cancelled);
    }

    private static int Restarts(ResourceEvent e) => (int)e.Snapshot.Properties.Single(p => p.Name == "replica.restarts").Value!;

    // Connections that the killed process held fail once; what is behind the door is served again when a read succeeds.
    private static async Task WaitUntilServedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                using var response = await client.GetAsync("/orders", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
