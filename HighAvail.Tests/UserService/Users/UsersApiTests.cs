using System.Net;

namespace HighAvail.Tests.UserService.Users;

public sealed class UsersApiTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    [Fact]
    public async Task GetMe_WithoutToken_AnswersUnauthorized()
    {
        var response = await Client.GetAsync("/users/me", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("\"1\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"1\"", HttpStatusCode.NotModified)]
    [InlineData("\"7\", \"1\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"2\"", HttpStatusCode.OK)]
    [InlineData("garbage", HttpStatusCode.OK)]
    public async Task GetMe_IfNoneMatch_ComparesWithTheVersion(string ifNoneMatch, HttpStatusCode expected)
    {
        var (_, client) = await RegisterAsync();
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", ifNoneMatch);

        var response = await client.GetAsync("/users/me", Cancellation);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Get_AnotherUser_IsNotFoundExceptForAdmins()
    {
        var (ann, annsClient) = await RegisterAsync();
        var (_, bobsClient) = await RegisterAsync();
        var (_, adminsClient) = await RegisterAsync(role: "admin");

        Assert.Equal(HttpStatusCode.OK, (await annsClient.GetAsync($"/users/{ann["id"]}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bobsClient.GetAsync($"/users/{ann["id"]}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await adminsClient.GetAsync($"/users/{ann["id"]}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Get_ChangedMeanwhile_OwnerSeesItAtOnceAndAdministratorsSoon()
    {
        var (ann, annsClient) = await RegisterAsync();
        var (_, adminsClient) = await RegisterAsync(role: "admin");
        var path = $"/users/{ann["id"]}";
        await adminsClient.GetStringAsync(path, Cancellation);

        await QueryAsync<Guid>($"UPDATE users SET display_name = 'Changed', version = version + 1 WHERE id = '{ann["id"]}' RETURNING id");

        Assert.Contains("Changed", await annsClient.GetStringAsync(path, Cancellation), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () =>
            (await adminsClient.GetStringAsync(path, Cancellation)).Contains("Changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/users/1")]
    [InlineData("/users/00000000-0000-0000-0000-000000000000")]
    [InlineData("/users/me'--")]
    public async Task Get_UnknownId_IsNotFound(string path)
    {
        var (_, client) = await RegisterAsync();

        var response = await client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
