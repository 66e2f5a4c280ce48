using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.UserService.Access;

/// <summary><c>POST /auth/login</c> when everybody signs in at once.</summary>
public sealed class SignInRushTests(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    private const int Rush = 1_000;

    [Fact]
    public async Task Login_AThousandAtOnce_OthersAreServed()
    {
        var (_, client) = await RegisterAsync();
        var rush = Enumerable.Range(0, Rush).Select(_ => SignInAsync(Client)).ToArray();

        var served = 0;
        while (!rush.All(login => login.IsCompleted))
        {
            using var me = await client.GetAsync("/users/me", Cancellation);
            // Before the database it may be crowded for a moment.
            Assert.True(me.StatusCode == HttpStatusCode.OK || IsToldToComeBack(me), $"{me.StatusCode}");
            served += me.StatusCode == HttpStatusCode.OK && !rush.All(login => login.IsCompleted) ? 1 : 0;
        }

        var answers = await Task.WhenAll(rush);
        Assert.NotEqual(0, served);
        Assert.All(answers, answer => Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized || IsToldToComeBack(answer), $"{answer.StatusCode}"));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Unauthorized);
        Assert.Contains(answers, IsToldToComeBack);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/users/me", Cancellation)).StatusCode);
    }

    // Were there no limit, all would wait; were it before something else as well, the others would.
    [Fact]
    public async Task Login_AThousandWhileNoCheckEnds_ElevenWaitTheRestComesBackLaterAndOthersAreServed()
    {
        const int Waiting = 11;
        var (_, registered) = await RegisterAsync();
        using var hasher = new HeldPasswordHasher();
        await using var replica = await Fixture.StartReplicaAsync(
            services => services.AddSingleton<IPasswordHasher<object>>(hasher), ("Passwords:MaxConcurrentHashes", "1"), ("Passwords:MaxQueuedHashes", "10"));
        using var client = replica.CreateClient();
        using var other = replica.CreateClient(registered.DefaultRequestHeaders.Authorization!.Parameter!);

        var rush = Enumerable.Range(0, Rush).Select(_ => SignInAsync(client)).ToArray();
        await Eventually.TrueAsync(() => rush.Count(login => login.IsCompleted) == Rush - Waiting);
        for (var i = 0; i < 20; i++)
        {
            using var me = await other.GetAsync("/users/me", Cancellation);
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        }

        Assert.Equal(Waiting, rush.Count(login => !login.IsCompleted));
        hasher.Release();
        var answers = await Task.WhenAll(rush);

        Assert.Equal(Waiting, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(Rush - Waiting, answers.Count(IsToldToComeBack));
        Assert.Equal((1, Waiting), (hasher.Most, hasher.Done));
    }

    private static bool IsToldToComeBack(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null };

    private static Task<HttpResponseMessage> SignInAsync(HttpClient client) =>
        client.PostAsJsonAsync("/auth/login", new { email = NewEmail(), password = "a wrong password" }, Cancellation);
}
