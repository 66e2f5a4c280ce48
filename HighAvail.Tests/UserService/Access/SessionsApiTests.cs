using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;

namespace HighAvail.Tests.UserService.Access;

/// <summary><c>POST /auth/refresh</c> and <c>POST /auth/logout</c>.</summary>
public sealed class SessionsApiTests(UserServiceFixture fixture) : SessionTest(fixture)
{
    [Fact]
    public async Task Refresh_FreshToken_AnswersANewPairThatMayNotBeCached()
    {
        var (user, first) = await SignInAsync();

        var response = await RefreshAsync(first);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        var pair = await ReadAsync(response);
        Assert.Equal(["accessToken", "tokenType", "expiresIn", "refreshToken"], pair.AsObject().Select(member => member.Key));
        Assert.Equal(("Bearer", 300), ((string?)pair["tokenType"], (int)pair["expiresIn"]!));
        Assert.NotEqual(first, (string?)pair["refreshToken"]);
        using var client = Fixture.Service.CreateClient((string)pair["accessToken"]!);
        Assert.Equal((string?)user["id"], (string?)(await ReadAsync(await client.GetAsync("/users/me", Cancellation)))["id"]);
        await NextAsync((string)pair["refreshToken"]!);
    }

    [Fact]
    public async Task Refresh_Tokens_Are256BitsAndNowhereInTheDatabase()
    {
        var (user, first) = await SignInAsync();
        var next = await NextAsync(first, Guid.NewGuid().ToString());

        Assert.All([first, next], token => Assert.Matches("^[A-Za-z0-9_-]{43}$", token));
        Assert.Equal(2, await QueryAsync<long>(
            $"SELECT count(*) FROM refresh_tokens WHERE hash IN (sha256('{first}'), sha256('{next}'))"));
        var stored = await QueryAsync<string>(
            """
            SELECT (SELECT string_agg(t::text, '') FROM refresh_tokens AS t)
                || (SELECT string_agg(convert_from(body, 'UTF8') || k::text, '') FROM idempotency_keys AS k)
            """);
        Assert.All([first, next], token => Assert.DoesNotContain(token, stored, StringComparison.Ordinal));
        Assert.All([first, next], token => Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(token)), stored, StringComparison.Ordinal));
        Assert.Equal(1, await CountFamiliesAsync(user));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Refresh_SpentToken_EndsItsWholeFamilyAndNoOther(int refreshes)
    {
        var (user, first) = await SignInAsync();
        var other = await SignInAgainAsync((string)user["email"]!);
        var last = first;
        for (var i = 0; i < refreshes; i++)
        {
            last = await NextAsync(last);
        }

        await AssertRefusedAsync(first);
        await AssertRefusedAsync(last);

        await NextAsync(other);
        Assert.Equal(1, await CountFamiliesAsync(user));
    }

    [Fact]
    public async Task Refresh_RepeatedWithItsKey_AnswersTheSameTokenAndGoesOn()
    {
        var (user, first) = await SignInAsync();
        var key = Guid.NewGuid().ToString();

        var second = await NextAsync(first, key);
        Assert.Equal(second, await NextAsync(first, key));
        var third = await NextAsync(second);
        // Late, as of a replica that hung: it ends nothing.
        Assert.Equal(second, await NextAsync(first, key));

        await NextAsync(third);
        Assert.Equal(1, await CountFamiliesAsync(user));
        Assert.Equal(4, await QueryAsync<long>(
            $"SELECT count(*) FROM refresh_tokens JOIN refresh_families ON id = family_id WHERE user_id = '{user["id"]}'"));
    }

    [Fact]
    public async Task Refresh_RepeatedWithItsKeyAfterAMinute_EndsTheFamily()
    {
        var (user, first) = await SignInAsync();
        var key = Guid.NewGuid().ToString();
        var second = await NextAsync(first, key);
        await ExecuteAsync($"UPDATE refresh_tokens SET spent_at = spent_at - interval '61 seconds' WHERE hash = sha256('{first}')");

        await AssertRefusedAsync(first, key);

        await AssertRefusedAsync(second);
        Assert.Equal(0, await CountFamiliesAsync(user));
    }

    [Fact]
    public async Task Refresh_SameKeyAtOnceOnTwoReplicas_AnswersOneToken()
    {
        var (user, first) = await SignInAsync();
        await using var replica = await Fixture.StartReplicaAsync();
        using var otherClient = replica.CreateClient();
        var key = Guid.NewGuid().ToString();

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RideOutAsync(() => RefreshAsync(first, key, i % 2 == 0 ? Client : otherClient))));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        var next = Assert.Single((await Task.WhenAll(responses.Select(RefreshTokenAsync))).Distinct());
        await NextAsync(next);
        Assert.Equal(1, await CountFamiliesAsync(user));
    }

    // Nobody can tell the thief among them: by the rule, the second that comes ends what the first got.
    [Fact]
    public async Task Refresh_RacedByTenClients_AnswersOneAndEndsTheFamily()
    {
        var (user, first) = await SignInAsync();
        await using var replica = await Fixture.StartReplicaAsync();
        using var otherClient = replica.CreateClient();
        string[] keys = [.. Enumerable.Range(0, 10).Select(_ => Guid.NewGuid().ToString())];

        var responses = await Task.WhenAll(keys.Select((key, i) => RideOutAsync(() => RefreshAsync(first, key, i % 2 == 0 ? Client : otherClient))));

        var winner = Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        await AssertRefusedAsync(await RefreshTokenAsync(winner));
        Assert.Equal(0, await CountFamiliesAsync(user));
    }

    [Fact]
    public async Task Refresh_RoleChanged_IsInTheNextAccessToken()
    {
        var (user, first) = await SignInAsync();
        await ExecuteAsync($"UPDATE users SET role = 'admin' WHERE id = '{user["id"]}'");

        var pair = await ReadAsync(await RefreshAsync(first));

        Assert.Equal("admin", new JsonWebToken((string)pair["accessToken"]!).GetClaim("role").Value);
    }

    [Fact]
    public async Task Refresh_AfterDeactivation_IsRefused()
    {
        var (user, first) = await SignInAsync();
        var second = await ReadAsync(await RefreshAsync(first));
        using var client = Fixture.Service.CreateClient((string)second["accessToken"]!);
        (await client.DeleteAsync($"/users/{user["id"]}", Cancellation)).EnsureSuccessStatusCode();

        await AssertRefusedAsync((string)second["refreshToken"]!);
        Assert.Equal(0, await CountFamiliesAsync(user));
    }

    [Fact]
    public async Task Refresh_AfterThirtyDays_IsRefusedHoweverOftenItWasRefreshed()
    {
        var (user, first) = await SignInAsync();
        var second = await NextAsync(first);
        Assert.Equal(30.0, await QueryAsync<double>(
            $"SELECT round(extract(epoch FROM expires_at - now()) / 86400)::float8 FROM refresh_families WHERE user_id = '{user["id"]}'"));
        await ExecuteAsync($"UPDATE refresh_families SET expires_at = expires_at - interval '30 days' WHERE user_id = '{user["id"]}'");

        await AssertRefusedAsync(second);
    }

    // However often it is refreshed: so much is stored of a sign-in, and nothing when it has ended.
    [Fact]
    public async Task Refresh_MoreOftenThanMayBe_EndsTheSignIn()
    {
        var (user, token) = await SignInAsync();
        await using var replica = await Fixture.StartReplicaAsync(("Tokens:SessionLifetime", "00:01:30"), ("Tokens:AccessTokenLifetime", "00:01:00"));
        using var client = replica.CreateClient();
        for (var i = 1; i <= 3; i++)
        {
            var key = Guid.NewGuid().ToString();
            var next = await RefreshTokenAsync(await RefreshAsync(token, key, client));
            Assert.Equal(next, await RefreshTokenAsync(await RefreshAsync(token, key, client)));
            token = next;
            Assert.Equal(i + 1, await CountTokensAsync());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(token, client: client)).StatusCode);

        Assert.Equal(0, await CountTokensAsync());
        Assert.Equal(0, await CountFamiliesAsync(user));

        Task<long> CountTokensAsync() => QueryAsync<long>(
            $"SELECT count(*) FROM refresh_tokens JOIN refresh_families ON id = family_id WHERE user_id = '{user["id"]}'");
    }

    [Fact]
    public async Task Refresh_WhatIsNoRefreshToken_IsRefusedAndEndsNothing()
    {
        var (_, first) = await SignInAsync();
        var pair = await ReadAsync(await RefreshAsync(first));
        var good = (string)pair["refreshToken"]!;

        foreach (var bad in (string[])
            [
                (string)pair["accessToken"]!, $"{good} ", $"{good}=", good[..^1], good.ToUpperInvariant(), $"{(good[0] == 'A' ? 'B' : 'A')}{good[1..]}",
                "garbage", "\0", "' OR '1'='1", "äöü", new string('a', 1_000), Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(good))),
            ])
        {
            await AssertRefusedAsync(bad);
        }

        using var client = Fixture.Service.CreateClient(good);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/users/me", Cancellation)).StatusCode);
        await NextAsync(good);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LogOut_AnyTokenOfTheFamily_EndsItAndNoOther(bool isSpent)
    {
        var (user, first) = await SignInAsync();
        var second = await NextAsync(first);
        var other = await SignInAgainAsync((string)user["email"]!);

        var response = await LogOutAsync(isSpent ? first : second);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await AssertRefusedAsync(second);
        await NextAsync(other);
    }

    [Fact]
    public async Task LogOut_NothingToEnd_AnswersTheSame()
    {
        var (_, first) = await SignInAsync();
        await LogOutAsync(first);

        foreach (var nothing in (string[])[first, "garbage", "\0", new string('a', 1_000)])
        {
            Assert.Equal(HttpStatusCode.NoContent, (await LogOutAsync(nothing)).StatusCode);
        }
    }

    [Fact]
    public async Task Refresh_RacedByLogOut_IsEndedWhoeverComesFirst()
    {
        for (var i = 0; i < 10; i++)
        {
            var (user, first) = await SignInAsync();

            var refreshed = RefreshAsync(first);
            var loggedOut = LogOutAsync(first);

            Assert.Equal(HttpStatusCode.NoContent, (await loggedOut).StatusCode);
            Assert.Contains((await refreshed).StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Unauthorized]);
            Assert.Equal(0, await CountFamiliesAsync(user));
        }
    }
}
