using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.EndToEnd;

[Collection(nameof(RunningSystem))]
public sealed class AccessJourneyTests(RunningSystem system)
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task RefreshAndLogOut_ThroughTheGateway_GoOnAndEnd()
    {
        using var client = system.CreateClient();
        var email = await Customers.SignInAsync(client, Cancelled);
        using var login = await Customers.PostCredentialsAsync(client, email, Cancelled);
        var refreshToken = await RefreshTokenAsync(login);

        // The gateway gives each its key.
        using var refreshed = await client.PostAsJsonAsync("/auth/refresh", new { refreshToken }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        refreshToken = await RefreshTokenAsync(refreshed);
        using var loggedOut = await client.PostAsJsonAsync("/auth/logout", new { refreshToken }, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, loggedOut.StatusCode);
        using var refused = await client.PostAsJsonAsync("/auth/refresh", new { refreshToken }, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<string> RefreshTokenAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(Cancelled))!["refreshToken"]!.GetValue<string>();
}
