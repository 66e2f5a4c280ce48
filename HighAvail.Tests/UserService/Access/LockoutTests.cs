using System.Globalization;
using System.Net;
using HighAvail.UserService.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.UserService.Access;

/// <summary><c>POST /auth/login</c> when passwords are guessed.</summary>
public sealed class LockoutTests(UserServiceFixture fixture) : SessionTest(fixture)
{
    private const int MaxFailures = 5;

    [Theory]
    [InlineData("known")]
    [InlineData("unknown")]
    [InlineData("no address\0")]
    public async Task Login_FailedFiveTimes_IsRefusedUntilLaterAndNobodyLearnsWhetherThereIsSuchAnAccount(string who)
    {
        var email = who switch
        {
            "known" => (string)(await SignInAsync()).User["email"]!,
            "unknown" => NewEmail(),
            _ => $"{Guid.NewGuid()} {who}",
        };

        for (var i = 0; i < MaxFailures; i++)
        {
            // In whatever case it is written.
            var failed = await FailAsync(i % 2 == 0 ? email : email.ToUpperInvariant());
            Assert.Equal(HttpStatusCode.Unauthorized, failed.StatusCode);
            Assert.Equal("The e-mail address or the password is wrong.", (string?)(await ReadAsync(failed))["title"]);
        }

        // So that it is not over before a busy machine has asked twice.
        await ExecuteAsync("UPDATE login_failures SET locked_until = locked_until + interval '1 hour' WHERE failures = 5");
        foreach (var password in (string[])["a wrong password", Password])
        {
            var locked = await PostAsync("/auth/login", new { email, password });
            Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
            Assert.Equal("application/problem+json", locked.Content.Headers.ContentType?.MediaType);
            Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3610));
            var problem = await ReadAsync(locked);
            Assert.Equal("Too many sign-ins with this e-mail address have failed. Try again later.", (string?)problem["title"]);
            Assert.Equal("https://tools.ietf.org/html/rfc6585#section-4", (string?)problem["type"]);
        }
    }

    [Fact]
    public async Task Login_LockOver_RightPasswordIsTakenAndFailuresAreForgotten()
    {
        var email = (string)(await SignInAsync()).User["email"]!;
        await LockAsync(email);
        await EndLockAsync(email);

        await SignInAgainAsync(email);

        Assert.Equal(0, await CountFailuresAsync(email));
    }

    [Theory]
    [InlineData(4, 10)]
    [InlineData(5, 20)]
    [InlineData(6, 40)]
    [InlineData(9, 300)]
    [InlineData(1_000_000, 300)]
    public async Task Login_FailedAgainAfterTheLock_IsLockedTwiceAsLongButNeverLongerThanFiveMinutes(int failures, double seconds)
    {
        var email = NewEmail();
        await LockAsync(email);
        await EndLockAsync(email);
        await ExecuteAsync($"UPDATE login_failures SET failures = {failures} WHERE email_hash = sha256('{email}')");

        Assert.Equal(HttpStatusCode.Unauthorized, (await FailAsync(email)).StatusCode);

        Assert.Equal(seconds, await QueryAsync<double>(
            $"SELECT extract(epoch FROM locked_until - failed_at)::float8 FROM login_failures WHERE email_hash = sha256('{email}')"));
        Assert.Equal(failures + 1, await CountFailuresAsync(email));
    }

    [Fact]
    public async Task Login_FailedLongAgo_IsForgotten()
    {
        var email = NewEmail();
        await LockAsync(email);
        await EndLockAsync(email);
        await ExecuteAsync($"UPDATE login_failures SET failed_at = failed_at - interval '15 minutes 1 second' WHERE email_hash = sha256('{email}')");

        Assert.Equal(HttpStatusCode.Unauthorized, (await FailAsync(email)).StatusCode);

        Assert.Equal(1, await CountFailuresAsync(email));
    }

    [Fact]
    public async Task Login_Locked_KeepsNobodyOutWhoIsSignedIn()
    {
        var (user, refreshToken) = await SignInAsync();
        await LockAsync((string)user["email"]!);

        await NextAsync(refreshToken);
    }

    // However many guess at once, and wherever: of five guesses they learn that they are wrong.
    [Fact]
    public async Task Login_GuessedByManyAtOnceOnTwoReplicas_TellsOfNoMoreThanFive()
    {
        var email = NewEmail();
        (string, string)[] longLocks = [("Lockout:FirstLock", "01:00:00"), ("Lockout:LongestLock", "01:00:00"), ("Lockout:Memory", "02:00:00")];
        await using var first = await Fixture.StartReplicaAsync(longLocks);
        await using var second = await Fixture.StartReplicaAsync(longLocks);
        HttpClient[] clients = [first.CreateClient(), second.CreateClient()];

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RideOutAsync(() => FailAsync(email, clients[i % 2]))));

        Assert.Equal(MaxFailures, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(20 - MaxFailures, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(MaxFailures, await CountFailuresAsync(email));
    }

    [Fact]
    public async Task Login_PasswordWasRightButTheAccountIsLockedMeanwhile_SignsNobodyIn()
    {
        var (user, _) = await SignInAsync();
        var email = (string)user["email"]!;

        await LockAsync(email);

        var signIns = Fixture.Service.Services.GetRequiredService<SignIns>();
        var hash = await QueryAsync<string>($"SELECT password_hash FROM users WHERE id = '{user["id"]}'");
        var role = await signIns.SucceedAsync(email, (Guid)user["id"]!, hash, newPasswordHash: null, RefreshTokens.Create());

        Assert.Null(role);
        Assert.Equal(1, await CountFamiliesAsync(user));
        Assert.Equal(MaxFailures, await CountFailuresAsync(email));
    }

    [Fact]
    public async Task Login_PasswordWasRightButIsReplacedMeanwhile_SignsNobodyInAndKeepsTheNewOne()
    {
        var (user, _) = await SignInAsync();
        var checkedAgainst = await QueryAsync<string>($"SELECT password_hash FROM users WHERE id = '{user["id"]}'");
        await ExecuteAsync($"UPDATE users SET password_hash = 'another' WHERE id = '{user["id"]}'");

        var signIns = Fixture.Service.Services.GetRequiredService<SignIns>();
        var role = await signIns.SucceedAsync((string)user["email"]!, (Guid)user["id"]!, checkedAgainst, "of the old one", RefreshTokens.Create());

        Assert.Null(role);
        Assert.Equal(1, await CountFamiliesAsync(user));
        Assert.Equal("another", await QueryAsync<string>($"SELECT password_hash FROM users WHERE id = '{user["id"]}'"));
    }

    [Theory]
    [InlineData("00:05:00", "00:10:00", true)]
    [InlineData("00:05:00", "00:09:59", false)]
    public void Options_MemoryAndLongestLock_MustFit(string longestLock, string memory, bool isValid)
    {
        var options = new HighAvail.UserService.Access.LockoutOptions
        {
            LongestLock = TimeSpan.Parse(longestLock, CultureInfo.InvariantCulture),
            Memory = TimeSpan.Parse(memory, CultureInfo.InvariantCulture),
        };

        var result = new LockoutOptionsValidator().Validate(name: null, options);

        Assert.Equal(isValid, result.Succeeded);
        Assert.Equal(!isValid, result.FailureMessage?.Contains("Lockout:Memory (00:09:59) must be at least twice Lockout:LongestLock (00:05:00)", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public async Task Login_HashOfFormerStrength_IsReplacedAndNothingElseChanges()
    {
        var (user, _) = await SignInAsync();
        var weak = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(new object(), Password);
        await ExecuteAsync($"UPDATE users SET password_hash = '{weak}' WHERE id = '{user["id"]}'");

        await SignInAgainAsync((string)user["email"]!);

        var hash = await QueryAsync<string>($"SELECT password_hash FROM users WHERE id = '{user["id"]}'");
        Assert.NotEqual(weak, hash);
        Assert.Equal(1, await QueryAsync<long>($"SELECT version FROM users WHERE id = '{user["id"]}'"));
        await SignInAgainAsync((string)user["email"]!);
        Assert.Equal(hash, await QueryAsync<string>($"SELECT password_hash FROM users WHERE id = '{user["id"]}'"));
    }

    private async Task<HttpResponseMessage> FailAsync(string email, HttpClient? client = null)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(new { email, password = "a wrong password" });
        return await (client ?? Client).PostAsync("/auth/login", content, Cancellation);
    }

    private async Task LockAsync(string email)
    {
        for (var i = 0; i < MaxFailures; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await FailAsync(email)).StatusCode);
        }
    }

    private Task EndLockAsync(string email) =>
        ExecuteAsync($"UPDATE login_failures SET locked_until = now() - interval '1 second' WHERE email_hash = sha256('{email}')");

    private Task<int> CountFailuresAsync(string email) =>
        QueryAsync<int>($"SELECT coalesce((SELECT failures FROM login_failures WHERE email_hash = sha256('{email}')), 0)");
}
