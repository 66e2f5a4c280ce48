using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;

namespace HighAvail.Tests.UserService.Keys;

public sealed class KeysApiTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    [Fact]
    public async Task GetKeys_AfterFirstStart_AnswersThePublicKeyThatSignsAndTheNext()
    {
        var response = await Client.GetAsync("/.well-known/jwks.json", Cancellation);

        var keys = (await ReadAsync(response))["keys"]!.AsArray();
        Assert.Equal(2, keys.Select(key => (string?)key!["kid"]).Distinct().Count());
        Assert.All(keys, key => Assert.Equal(["kty", "use", "alg", "kid", "crv", "x", "y"], key!.AsObject().Select(member => member.Key)));
        Assert.All(keys, key => Assert.Equal("ES256", (string?)key!["alg"]));
        Assert.True(response.Headers.CacheControl!.Public);
        Assert.Equal(TimeSpan.FromSeconds(30), response.Headers.CacheControl.MaxAge);
    }

    [Fact]
    public async Task GetMetadata_DefaultIssuer_NamesItsKeySet()
    {
        var metadata = await ReadAsync(await Client.GetAsync("/.well-known/openid-configuration", Cancellation));

        Assert.Equal("https://localhost:7443", (string?)metadata["issuer"]);
        Assert.Equal("https://localhost:7443/.well-known/jwks.json", (string?)metadata["jwks_uri"]);
    }

    [Fact]
    public async Task Login_Token_SaysWhatTheContractSays()
    {
        var (user, client) = await RegisterAsync();
        var keys = await ReadAsync(await Client.GetAsync("/.well-known/jwks.json", Cancellation));

        var token = new JsonWebToken(client.DefaultRequestHeaders.Authorization!.Parameter);

        Assert.Equal("ES256", token.Alg);
        Assert.Equal((string?)keys["keys"]![0]!["kid"], token.Kid);
        Assert.Equal((string?)user["id"], token.Subject);
        Assert.Equal("customer", token.GetClaim("role").Value);
        Assert.Equal("https://localhost:7443", token.Issuer);
        Assert.Equal(["highavail"], token.Audiences);
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.IssuedAt);
    }

    [Fact]
    public async Task Start_SecondReplica_AcceptsTokensOfTheFirst()
    {
        var (_, client) = await RegisterAsync();
        await using var other = await Fixture.StartReplicaAsync();
        using var otherClient = other.CreateClient(client.DefaultRequestHeaders.Authorization!.Parameter!);

        var response = await otherClient.GetAsync("/users/me", Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
