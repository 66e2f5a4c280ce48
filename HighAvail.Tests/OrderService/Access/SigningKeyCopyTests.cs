using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.OrderService.Access;
using HighAvail.UserService.Keys;

namespace HighAvail.Tests.OrderService.Access;

public sealed class SigningKeyCopyTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_KeyUnknownUntilNow_IsAskedForBeforeTheAnswer()
    {
        var server = await postgres.GetAsync(Cancellation);
        var usersDatabase = await server.CreateDatabaseAsync(Cancellation);
        using var authority = new TokenAuthority();
        await using var users = await ServiceReplica<SigningKeyStore>.StartReadyAsync(("ConnectionStrings:usersdb", usersDatabase));
        var token = await SignInAsync(users);

        // It knows another key, so its first question is put off; this one comes with the token.
        await using var database = await OrderDatabase.CreateAsync(server, Cancellation);
        await authority.PublishAsync(database.ConnectionString, Cancellation);
        await using var orders = await StartOrdersAsync(
            database.ConnectionString, users.Address.ToString(), ("Feed:RetryDelay", "00:01:00"), ("Feed:UnknownKeyTimeout", "00:00:10"));

        // Until the horizon of the feed has passed every transaction of other tests, the answer is to come back later.
        var status = HttpStatusCode.ServiceUnavailable;
        for (var tries = 0; tries < 3 && status == HttpStatusCode.ServiceUnavailable; tries++)
        {
            status = await ListAsync(orders, token);
        }

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("""{"kty":"EC","crv":"P-256","kid":"","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"oct","kid":"1","k":"c2VjcmV0"}""")]
    [InlineData("""{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}""")]
    [InlineData("""{"kty":"EC","crv":"P-384","kid":"1","x":"AA","y":"AA"}""")]
    public void TryParse_AnythingButAKeyForEs256_Refuses(string jwk) => Assert.False(VerificationKey.TryParse(jwk, out _));

    private static Task<ServiceReplica<SigningKeyCopy>> StartOrdersAsync(string database, string users, params (string, string)[] settings) =>
        ServiceReplica<SigningKeyCopy>.StartReadyAsync([("ConnectionStrings:ordersdb", database), ("services:users:http:0", users), .. settings]);

    private static async Task<HttpStatusCode> ListAsync(ServiceReplica<SigningKeyCopy> orders, string token)
    {
        using var client = orders.CreateClient(token);
        return (await client.GetAsync("/orders", Cancellation)).StatusCode;
    }

    private static async Task<string> SignInAsync(ServiceReplica<SigningKeyStore> users)
    {
        using var client = users.CreateClient();
        var person = new { email = "ann@example.org", password = "correct horse battery", displayName = "Ann" };
        (await client.PostAsJsonAsync("/auth/register", person, Cancellation)).EnsureSuccessStatusCode();
        var login = await client.PostAsJsonAsync("/auth/login", new { person.email, person.password }, Cancellation);
        return (string)JsonNode.Parse(await login.Content.ReadAsStringAsync(Cancellation))!["accessToken"]!;
    }
}
