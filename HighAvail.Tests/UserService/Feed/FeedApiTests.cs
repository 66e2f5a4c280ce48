using System.Net;
using System.Net.Http.Json;
using HighAvail.ServiceDefaults.Data;
using HighAvail.ServiceDefaults.Draining;
using HighAvail.UserService.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace HighAvail.Tests.UserService.Feed;

public sealed class FeedApiTests(UserServiceFixture fixture) : FeedTest(fixture)
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a-key-of-the-tests-onlY")]
    [InlineData("a-key-of-the-tests-only,a-key-of-the-tests-only")]
    public async Task GetChanges_WithoutTheServiceKey_AnswersUnauthorized(string? key)
    {
        var (_, admin) = await RegisterAsync(role: "admin");
        if (key is not null)
        {
            admin.DefaultRequestHeaders.Add("X-Service-Key", key);
        }

        var response = await admin.GetAsync("/internal/users/changes", Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("after=garbage", "after")]
    [InlineData("after=", "after")]
    [InlineData("wait=21", "wait")]
    [InlineData("wait=-1", "wait")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    public async Task GetChanges_InvalidQuery_NamesTheField(string query, string field)
    {
        var response = await Reader.GetAsync($"/internal/users/changes?{query}", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(field, (await ReadAsync(response))["errors"]!.AsObject().Single().Key);
    }

    [Fact]
    public async Task GetChanges_FromNothing_IsASnapshotOfUsersAndKeysWithoutSecrets()
    {
        var (ann, annsClient) = await RegisterAsync();
        var (bob, _) = await RegisterAsync();
        await ChangeNameAsync(annsClient, ann["id"]!, "Ann");

        var (users, keys, _) = await ReadAllAsync(after: null, limit: 1);

        // The one that signs, and the next.
        var current = keys.Where(key => !(bool)key["isRetired"]!).ToList();
        Assert.Equal(2, current.Count);
        Assert.All(current, key => Assert.Equal(["key", "isRetired"], key.AsObject().Select(member => member.Key)));
        Assert.All(current, key => Assert.Equal(["kty", "use", "alg", "kid", "crv", "x", "y"], key["key"]!.AsObject().Select(member => member.Key)));
        Assert.All(users, user => Assert.Equal(["id", "version", "displayName", "deactivatedAt"], user.AsObject().Select(member => member.Key)));
        var found = Assert.Single(users, user => (string?)user["id"] == (string?)ann["id"]);
        Assert.Equal(("Ann", 2), ((string?)found["displayName"], (long)found["version"]!));
        Assert.Single(users, user => (string?)user["id"] == (string?)bob["id"]);
    }

    [Fact]
    public async Task GetChanges_AfterACursor_AreOnlyThoseMadeSince()
    {
        var (ann, annsClient) = await RegisterAsync();
        var (_, _, next) = await ReadAllAsync(after: null);

        (await annsClient.DeleteAsync($"/users/{ann["id"]}", Cancellation)).EnsureSuccessStatusCode();
        var (users, keys, _) = await ReadAllAsync(next);

        var gone = Assert.Single(users);
        Assert.Equal((string?)ann["id"], (string?)gone["id"]);
        Assert.NotNull((string?)gone["deactivatedAt"]);
        Assert.Empty(keys);
    }

    [Fact]
    public async Task GetChanges_RetiredKey_IsNews()
    {
        var (_, _, next) = await ReadAllAsync(after: null);
        await ExecuteAsync(
            """
            INSERT INTO signing_keys (generation, kid, private_key, public_jwk, not_before, created_at, retired_at)
            VALUES (0 + 99, 'old', '', '{"kty":"EC","use":"sig","alg":"ES256","kid":"old","crv":"P-256","x":"AA","y":"AA"}', 'infinity', now(), NULL);
            UPDATE signing_keys SET retired_at = now() WHERE kid = 'old'
            """);

        var (_, keys, _) = await ReadAllAsync(next);

        Assert.Equal(("old", true), ((string?)Assert.Single(keys)["key"]!["kid"], (bool)keys[0]["isRetired"]!));
    }

    [Fact]
    public async Task GetChanges_TransactionBeginsEarlyAndCommitsLate_IsNotSkipped()
    {
        var (early, _) = await RegisterAsync();
        var (_, _, next) = await ReadAllAsync(after: null);
        await using var dataSource = NpgsqlDataSource.Create(Fixture.Database);
        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var update = new NpgsqlCommand($"UPDATE users SET version = version + 1 WHERE id = '{early["id"]}'", connection, transaction);
        await update.ExecuteNonQueryAsync(Cancellation);

        // It commits first, with a younger transaction id.
        var (late, _) = await RegisterAsync();
        var meanwhile = await ReadChangesAsync(next);
        Assert.Empty(meanwhile["users"]!.AsArray());
        Assert.True((int)meanwhile["remaining"]! >= 1);
        Assert.NotNull((DateTime?)meanwhile["remainingSince"]);

        await transaction.CommitAsync(Cancellation);
        var (users, _, _) = await ReadAllAsync((string)meanwhile["next"]!);

        Assert.Equal([(string?)early["id"], (string?)late["id"]], users.Select(user => (string?)user["id"]));
    }

    [Fact]
    public async Task GetChanges_TransactionStandsStill_IsEndedAndTheFeedGoesOn()
    {
        var (_, _, next) = await ReadAllAsync(after: null);
        var settings = new NpgsqlConnectionStringBuilder(Fixture.Database);
        settings.UseSessionDefaults();
        await using var dataSource = NpgsqlDataSource.Create(settings);
        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
        await using var usual = new NpgsqlCommand("SHOW idle_in_transaction_session_timeout", connection);
        Assert.Equal("2s", await usual.ExecuteScalarAsync(Cancellation));
        // Longer than a busy machine takes for what comes before the wait.
        await using var begin = new NpgsqlCommand("BEGIN; SET LOCAL idle_in_transaction_session_timeout = '12s'; SELECT pg_current_xact_id()", connection);
        await begin.ExecuteNonQueryAsync(Cancellation);
        var (user, _) = await RegisterAsync();
        Assert.Empty((await ReadChangesAsync(next))["users"]!.AsArray());

        var answer = await ReadChangesAsync(next, wait: 20);

        Assert.Equal((string?)user["id"], (string?)Assert.Single(answer["users"]!.AsArray())!["id"]);
        await using var later = new NpgsqlCommand("COMMIT", connection);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => later.ExecuteNonQueryAsync(Cancellation));
    }

    [Fact]
    public async Task GetChanges_Waiting_IsAnsweredWhenSomethingHappens()
    {
        var (_, _, next) = await ReadAllAsync(after: null);
        var waiting = ReadChangesAsync(next, wait: 20);

        var (user, _) = await RegisterAsync();

        Assert.Equal((string?)user["id"], (string?)Assert.Single((await waiting)["users"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task GetChanges_NothingHappens_AnswersTheSameCursorAfterTheWait()
    {
        var (_, _, next) = await ReadAllAsync(after: null);

        var answer = await ReadChangesAsync(next, wait: 1);

        Assert.Equal((next, 0), ((string?)answer["next"], (int)answer["remaining"]!));
    }

    [Fact]
    public async Task GetChanges_ReplicaDrains_AnswersWhoWaits()
    {
        var (_, _, next) = await ReadAllAsync(after: null);
        await using var leaving = await ServiceReplica<SigningKeyStore>.StartReadyAsync(
            ("ConnectionStrings:usersdb", $"{Fixture.Database};Application Name=leaving"));
        using var reader = leaving.CreateClient();
        reader.DefaultRequestHeaders.Add("X-Service-Key", "a-key-of-the-tests-only");
        var waiting = reader.GetAsync($"/internal/users/changes?wait=20&after={next}", Cancellation);
        // It waits as soon as it has looked once.
        await Eventually.TrueAsync(async () => await QueryAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leaving' AND query LIKE '%feed_position%'") > 0);

        leaving.Services.GetRequiredService<DrainSignal>().Begin();

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact]
    public async Task GetChanges_WrittenByThePreviousVersion_AreInTheFeed()
    {
        var (user, _) = await RegisterAsync();
        var (_, _, next) = await ReadAllAsync(after: null);

        // Its statements name none of the columns of the feed.
        var id = Guid.CreateVersion7();
        await ExecuteAsync(
            $"""
            INSERT INTO users (id, email, normalized_email, display_name, password_hash, role, version, created_at, updated_at)
            VALUES ('{id}', '{id}@example.org', '{id}@example.org', 'Old', '', 'customer', 1, now(), now());
            UPDATE users SET display_name = 'Older', version = version + 1 WHERE id = '{user["id"]}'
            """);
        var (users, _, _) = await ReadAllAsync(next);

        Assert.Equal(["Old", "Older"], users.Select(change => (string?)change["displayName"]));
    }

    private static async Task ChangeNameAsync(HttpClient client, object id, string displayName)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/users/{id}") { Content = JsonContent.Create(new { displayName }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        (await client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
    }
}
