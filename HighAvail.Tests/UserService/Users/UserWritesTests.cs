using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.UserService.Users;

public sealed class UserWritesTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task Update_CurrentVersion_ChangesTheNameAndTheVersion()
    {
        var (user, client) = await RegisterAsync();

        var response = await UpdateAsync(client, user, "\"1\"", new { displayName = "Ann 𝕏" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"2\"", response.Headers.ETag?.Tag);
        var changed = await ReadAsync(response);
        Assert.Equal("Ann 𝕏", (string?)changed["displayName"]);
        Assert.Equal(2, (long?)changed["version"]);
        Assert.Equal(changed.ToJsonString(), (await ReadAsync(await client.GetAsync("/users/me", Cancellation))).ToJsonString());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.PreconditionRequired)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("garbage", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"7\", \"1\"", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    public async Task Update_IfMatch_DecidesAndAFailureStoresNoAnswer(string? ifMatch, HttpStatusCode expected)
    {
        var (user, client) = await RegisterAsync();

        var response = await UpdateAsync(client, user, ifMatch, new { displayName = "Ann" }, _key);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 2 : 1, await VersionAsync(user));
        var again = await UpdateAsync(client, user, "*", new { displayName = "Ann" }, _key);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, again.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(2, await VersionAsync(user));
    }

    [Fact]
    public async Task Update_SameKeyAtOnceOnTwoReplicas_ChangesOnce()
    {
        var (user, client) = await RegisterAsync();
        await using var other = await Fixture.StartReplicaAsync();
        using var second = other.CreateClient(client.DefaultRequestHeaders.Authorization!.Parameter!);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            RideOutAsync(() => UpdateAsync(i % 2 == 0 ? client : second, user, "\"1\"", new { displayName = "Ann" }, _key))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(2, await VersionAsync(user));
    }

    [Fact]
    public async Task Update_TwoKeysRace_OneIsDoneAndTheOtherLeavesNoAnswer()
    {
        var (user, client) = await RegisterAsync();
        string[] keys = [.. Enumerable.Range(0, 8).Select(_ => Guid.NewGuid().ToString())];

        var answers = await Task.WhenAll(keys.Select(key => RideOutAsync(() => UpdateAsync(client, user, "\"1\"", new { displayName = key }, key))));
        var repeated = await Task.WhenAll(keys.Select(key => RideOutAsync(() => UpdateAsync(client, user, "\"1\"", new { displayName = key }, key))));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(answers.Select(answer => answer.StatusCode), repeated.Select(answer => answer.StatusCode));
        Assert.Equal(
            (string?)(await ReadAsync(winner))["displayName"], await QueryAsync<string>($"SELECT display_name FROM users WHERE id = '{user["id"]}'"));
        Assert.Equal(2, await VersionAsync(user));
    }

    [Theory]
    [InlineData("""{"displayName":""}""")]
    [InlineData("""{"displayName":" "}""")]
    [InlineData("""{"displayName":null}""")]
    [InlineData("""{"displayName":1}""")]
    [InlineData("""{"displayName":"a\u0000b"}""")]
    [InlineData("""{"displayName":"Ann","displayName":"Eve"}""")]
    [InlineData("""{"displayName":"Ann","role":"admin"}""")]
    [InlineData("""{"displayName":"Ann","id":"00000000-0000-0000-0000-000000000000"}""")]
    [InlineData("""{"displayName":"Ann" """)]
    [InlineData("null")]
    [InlineData("")]
    public async Task Update_InvalidBody_AnswersBadRequestAndChangesNothing(string body)
    {
        var (user, client) = await RegisterAsync();
        using var request = Request(HttpMethod.Patch, $"/users/{user["id"]}", _key);
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        request.Content = new StringContent(body, mediaType: new("application/json"));

        var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, await VersionAsync(user));
    }

    [Fact]
    public async Task Update_NameOf101Characters_AnswersBadRequest()
    {
        var (user, client) = await RegisterAsync();

        Assert.Equal(
            HttpStatusCode.BadRequest, (await UpdateAsync(client, user, "\"1\"", new { displayName = new string('a', 101) })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await UpdateAsync(client, user, "\"1\"", new { displayName = new string('a', 100) })).StatusCode);
    }

    [Fact]
    public async Task Writes_OfAnotherUser_AreNotFoundExceptForAdmins()
    {
        var (ann, _) = await RegisterAsync();
        var (_, bobsClient) = await RegisterAsync();
        var (_, adminsClient) = await RegisterAsync(role: "admin");

        Assert.Equal(HttpStatusCode.NotFound, (await UpdateAsync(bobsClient, ann, "*", new { displayName = "Eve" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync(bobsClient, ann)).StatusCode);
        Assert.Equal(1, await VersionAsync(ann));
        Assert.Equal(HttpStatusCode.OK, (await UpdateAsync(adminsClient, ann, "*", new { displayName = "Ann" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(adminsClient, ann)).StatusCode);
        Assert.Equal(3, await VersionAsync(ann));
    }

    [Fact]
    public async Task Deactivate_Own_EndsSignInAndProfile()
    {
        var (user, client) = await RegisterAsync();

        var response = await DeleteAsync(client, user, _key);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/users/me", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await UpdateAsync(client, user, "*", new { displayName = "Ann" })).StatusCode);
        var login = await PostAsync("/auth/login", new { email = (string)user["email"]!, password = Password });
        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        Assert.Equal(2, await VersionAsync(user));

        var repeated = await DeleteAsync(client, user, _key);
        Assert.Equal(HttpStatusCode.NoContent, repeated.StatusCode);
        Assert.True(repeated.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync(client, user, Guid.NewGuid().ToString())).StatusCode);
        Assert.Equal(2, await VersionAsync(user));
    }

    [Fact]
    public async Task SetRole_Admin_ChangesTheRoleInTheNextToken()
    {
        var (user, _) = await RegisterAsync();
        var (_, adminsClient) = await RegisterAsync(role: "admin");

        var response = await SetRoleAsync(adminsClient, user, new { role = "admin" });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var login = await ReadAsync(await PostAsync("/auth/login", new { email = (string)user["email"]!, password = Password }));
        using var client = Fixture.Service.CreateClient((string)login["accessToken"]!);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/users", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task SetRole_Refused_ChangesNothing()
    {
        var (user, client) = await RegisterAsync();
        var (_, adminsClient) = await RegisterAsync(role: "admin");

        Assert.Equal(HttpStatusCode.Forbidden, (await SetRoleAsync(client, user, new { role = "admin" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SetRoleAsync(adminsClient, user, new { role = "Admin" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SetRoleAsync(adminsClient, user, new { role = (string?)null })).StatusCode);
        Assert.Equal(1, await VersionAsync(user));
        user["id"] = Guid.Empty.ToString();
        Assert.Equal(HttpStatusCode.NotFound, (await SetRoleAsync(adminsClient, user, new { role = "admin" })).StatusCode);
    }

    // His token says for minutes that he is one.
    [Theory]
    [InlineData("role = 'customer'")]
    [InlineData("deactivated_at = now()")]
    public async Task Administration_ByOneWhoIsNoAdministratorAnyMore_ChangesNothing(string lost)
    {
        var (user, _) = await RegisterAsync();
        var (former, formersClient) = await RegisterAsync(role: "admin");
        await ExecuteAsync($"UPDATE users SET {lost} WHERE id = '{former["id"]}'");

        Assert.Equal(HttpStatusCode.NotFound, (await SetRoleAsync(formersClient, former, new { role = "admin" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SetRoleAsync(formersClient, user, new { role = "admin" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await DeleteAsync(formersClient, user)).StatusCode);
        Assert.Equal(1, await VersionAsync(user));
        Assert.Equal("customer", await QueryAsync<string>($"SELECT role FROM users WHERE id = '{user["id"]}'"));
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? key)
    {
        var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    private static async Task<HttpResponseMessage> UpdateAsync(HttpClient client, JsonNode user, string? ifMatch, object body, string? key = null)
    {
        using var request = Request(HttpMethod.Patch, $"/users/{user["id"]}", key);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        request.Content = JsonContent.Create(body);
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task<HttpResponseMessage> DeleteAsync(HttpClient client, JsonNode user, string? key = null)
    {
        using var request = Request(HttpMethod.Delete, $"/users/{user["id"]}", key);
        return await client.SendAsync(request, Cancellation);
    }

    private static Task<HttpResponseMessage> SetRoleAsync(HttpClient client, JsonNode user, object body) =>
        client.PutAsJsonAsync($"/users/{user["id"]}/role", body, Cancellation);

    private Task<long> VersionAsync(JsonNode user) => QueryAsync<long>($"SELECT version FROM users WHERE id = '{user["id"]}'");
}
