using System.Net;
using HighAvail.UserService.Feed;

namespace HighAvail.Tests.UserService.Feed;

public sealed class FeedEpochTests(UserServiceFixture fixture) : FeedTest(fixture)
{
    [Fact]
    public async Task GetChanges_RestoredElsewhere_RefusesOldCursorsAndBeginsAnew()
    {
        var (user, _) = await RegisterAsync();
        var (_, _, old) = await ReadAllAsync(after: null);
        // As after a dump and restore: another identity, and stamps from a cluster that was further on.
        await ExecuteAsync("UPDATE users SET feed_xid = '9000000000000000000'; UPDATE feed_epoch SET identity = 'another'");
        await using var other = await Fixture.StartReplicaAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(old)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Gone, answer.StatusCode));
        var (users, keys, next) = await ReadAllAsync(after: null);
        Assert.Single(users, change => (string?)change["id"] == (string?)user["id"]);
        Assert.Equal(2, keys.Count);
        Assert.True(ChangeCursor.TryParse(old, out var before) && ChangeCursor.TryParse(next, out var after) && before.Epoch != after.Epoch);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(next)).StatusCode);
    }

    [Fact]
    public async Task GetChanges_CursorAheadOfTheServer_IsGone()
    {
        var (_, _, next) = await ReadAllAsync(after: null);
        Assert.True(ChangeCursor.TryParse(next, out var cursor));

        var answer = await AskAsync((cursor with { Transaction = cursor.Transaction + 1_000_000_000 }).ToString());

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task FeedIdentity_OrdinaryRole_MayAsk()
    {
        var identity = await QueryAsync<string>("SET ROLE pg_read_all_data; SELECT feed_identity()");

        Assert.Equal(await QueryAsync<string>("SELECT identity FROM feed_epoch"), identity);
    }
}
