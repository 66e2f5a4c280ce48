using System.Net;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.UserService.Feed;

/// <summary>What tests of the feed have in common: a reader that knows the service key.</summary>
public abstract class FeedTest : UserServiceTest
{
    protected FeedTest(UserServiceFixture fixture)
        : base(fixture)
    {
        Reader = fixture.Service.CreateClient();
        Reader.DefaultRequestHeaders.Add("X-Service-Key", "a-key-of-the-tests-only");
    }

    protected HttpClient Reader { get; }

    protected Task<HttpResponseMessage> AskAsync(string? after, int wait = 0, int limit = 500) => Reader.GetAsync(
        $"/internal/users/changes?wait={wait}&limit={limit}{(after is null ? "" : $"&after={after}")}", Cancellation);

    protected async Task<JsonNode> ReadChangesAsync(string? after, int wait = 0, int limit = 500)
    {
        var response = await AskAsync(after, wait, limit);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>Reads on until nothing more is to come; transactions of other tests may hold it up.</summary>
    protected async Task<(List<JsonNode> Users, List<JsonNode> Keys, string Next)> ReadAllAsync(string? after, int limit = 500)
    {
        List<JsonNode> users = [];
        List<JsonNode> keys = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await ReadChangesAsync(after, limit: limit);
                users.AddRange(page["users"]!.AsArray()!);
                keys.AddRange(page["keys"]!.AsArray()!);
                Assert.InRange(page["users"]!.AsArray().Count + page["keys"]!.AsArray().Count, 0, limit);
                after = (string)page["next"]!;
                return (int)page["remaining"]! == 0;
            },
            "the feed is read");
        return (users, keys, after!);
    }
}
