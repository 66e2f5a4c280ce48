using System.Net;

namespace HighAvail.Tests.UserService.Users;

public sealed class UserListTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    [Fact]
    public async Task List_PagesOfOne_ShowEveryActiveUserOnceNewestFirst()
    {
        var (_, admin) = await RegisterAsync(role: "admin");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (string)(await RegisterAsync()).User["id"]!);
        }

        var (_, gone) = await RegisterAsync();
        (await gone.DeleteAsync($"/users/{(await ReadAsync(await gone.GetAsync("/users/me", Cancellation)))["id"]}", Cancellation)).EnsureSuccessStatusCode();

        var listed = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await ReadAsync(await admin.GetAsync($"/users?limit=1{(next.Length > 0 ? $"&after={next}" : "")}", Cancellation));
            listed.AddRange(page["items"]!.AsArray().Select(user => (string)user!["id"]!));
            next = (string?)page["next"];
        }

        Assert.Equal(ids, listed.Take(3));
        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal(await QueryAsync<long>("SELECT count(*) FROM users WHERE deactivated_at IS NULL"), listed.Count);
    }

    [Fact]
    public async Task List_Email_FindsItInAnyCase()
    {
        var (_, admin) = await RegisterAsync(role: "admin");
        var (user, _) = await RegisterAsync();
        var email = ((string)user["email"]!).ToUpperInvariant();

        var page = await ReadAsync(await admin.GetAsync($"/users?email={email}", Cancellation));

        Assert.Equal(user.ToJsonString(), Assert.Single(page["items"]!.AsArray())!.ToJsonString());
        Assert.Null(page["next"]);
    }

    [Fact]
    public async Task List_Customer_IsForbidden()
    {
        var (_, client) = await RegisterAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/users", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=1;DROP", "limit")]
    [InlineData("after=garbage", "after")]
    [InlineData("after=", "after")]
    [InlineData("email=nobody", "email")]
    [InlineData("email='--@example.org", null)]
    public async Task List_InvalidQuery_NamesTheField(string query, string? field)
    {
        var (_, admin) = await RegisterAsync(role: "admin");

        var response = await admin.GetAsync($"/users?{query}", Cancellation);

        Assert.Equal(field is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (await ReadAsync(response))["errors"]?.AsObject().Single().Key);
    }
}
