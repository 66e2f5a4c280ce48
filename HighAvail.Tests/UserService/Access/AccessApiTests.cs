using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.UserService.Access;

public sealed class AccessApiTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    [Fact]
    public async Task Register_ValidRequest_AnswersUserWithoutSecrets()
    {
        var response = await PostAsync("/auth/register", new { email = "Ann@Example.org", password = Password, displayName = "Ann" });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var user = await ReadAsync(response);
        Assert.Equal($"/users/{user["id"]}", response.Headers.Location!.ToString());
        Assert.Equal("Ann@Example.org", (string?)user["email"]);
        Assert.Equal("Ann", (string?)user["displayName"]);
        Assert.Equal("customer", (string?)user["role"]);
        Assert.Equal(
            ["id", "email", "displayName", "role", "createdAt", "updatedAt", "version"], user.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Register_EmailTakenInOtherCase_AnswersConflict()
    {
        var (user, _) = await RegisterAsync();
        var email = (string)user["email"]!;

        var response = await PostAsync(
            "/auth/register", new { email = email.ToUpperInvariant(), password = Password, displayName = "Another" });

        await AssertProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Equal(1, await QueryAsync<long>($"SELECT count(*) FROM users WHERE normalized_email = '{email}'"));
    }

    [Fact]
    public async Task Register_InvalidFields_NamesEachOfThem()
    {
        var response = await PostAsync("/auth/register", new { email = "nobody", password = "short", displayName = "\0" });

        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(["displayName", "email", "password"], problem["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Theory]
    [InlineData("""{"email":"eve@example.org","password":"correct horse battery","displayName":"Eve","role":"admin"}""")]
    [InlineData("""{"email":"eve@example.org","email":"eva@example.org","password":"correct horse battery","displayName":"Eve"}""")]
    [InlineData("""{"email":"eve@example.org","password":"correct horse battery","displayName":"\ud800"}""")]
    [InlineData("""{"email":1,"password":"correct horse battery","displayName":"Eve"}""")]
    [InlineData("""{"email":null,"password":null,"displayName":null}""")]
    [InlineData("""{"email":"eve@example.org" """)]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Register_MalformedBody_AnswersBadRequest(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var response = await Client.PostAsync("/auth/register", content, Cancellation);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM users WHERE email LIKE 'ev_@example.org'"));
    }

    [Fact]
    public async Task Login_RightPassword_AnswersTokenThatOpensTheProfile()
    {
        var (user, client) = await RegisterAsync();

        var me = await client.GetAsync("/users/me", Cancellation);

        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        Assert.Equal(user.ToJsonString(), (await ReadAsync(me)).ToJsonString());
    }

    [Fact]
    public async Task Login_RightPassword_AnswersNothingThatMayBeCached()
    {
        var (user, _) = await RegisterAsync();
        var email = ((string)user["email"]!).ToUpperInvariant();

        var response = await PostAsync("/auth/login", new { email, password = Password });

        var login = await ReadAsync(response);
        Assert.Equal("Bearer", (string?)login["tokenType"]);
        Assert.Equal(300, (int?)login["expiresIn"]);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData(null, "a wrong password")]
    [InlineData("unknown@example.org", Password)]
    [InlineData("not an address\0", Password)]
    public async Task Login_WrongPasswordOrUnknownEmail_AnswersTheSame(string? email, string password)
    {
        var (user, _) = await RegisterAsync();

        var response = await PostAsync("/auth/login", new { email = email ?? (string)user["email"]!, password });

        var problem = await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
        Assert.Equal("The e-mail address or the password is wrong.", (string?)problem["title"]);
    }

    [Fact]
    public async Task Login_DeactivatedUser_IsUnknown()
    {
        var (user, client) = await RegisterAsync();
        await ExecuteAsync($"UPDATE users SET deactivated_at = now() WHERE id = '{user["id"]}'");

        var response = await PostAsync("/auth/login", new { email = (string)user["email"]!, password = Password });

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/users/me", Cancellation)).StatusCode);

        await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    private static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await ReadAsync(response);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.NotNull((string?)problem["type"]);
        Assert.Equal(response.Headers.GetValues("X-Trace-Id").Single(), (string?)problem["traceId"]);
        return problem;
    }

    [Fact]
    public async Task Register_Repeated_AnswersTheSameAndNeitherStoresThePasswordNorANewUser()
    {
        var email = NewEmail();
        var key = Guid.NewGuid().ToString();

        var first = await RegisterAsync(key, email, Password);
        var second = await RegisterAsync(key, email, Password);
        var otherPassword = await RegisterAsync(key, email, Password + "!");
        var otherKey = await RegisterAsync(Guid.NewGuid().ToString(), email, Password);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.True(second.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal((string?)(await ReadAsync(first))["id"], (string?)(await ReadAsync(second))["id"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, otherPassword.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, otherKey.StatusCode);
        Assert.DoesNotContain(
            Password,
            await QueryAsync<string>($"SELECT convert_from(body, 'UTF8') FROM idempotency_keys WHERE location = '{first.Headers.Location}'"),
            StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> RegisterAsync(string key, string email, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/register")
        {
            Content = JsonContent.Create(new { email, password, displayName = "Somebody" }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await Client.SendAsync(request, Cancellation);
    }
}
