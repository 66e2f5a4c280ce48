using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using HighAvail.UserService.Access;
using HighAvail.UserService.Keys;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.UserService.Access;

/// <summary>
/// How long <c>POST /auth/login</c> takes says nothing about who has an account, because it does the same: as many checks, of hashes that cost as much, and the same
/// statements.
/// </summary>
public sealed class SignInWorkTests(UserServiceFixture fixture) : UserServiceTest(fixture), IAsyncLifetime
{
    private const int NpgsqlExecutes = 2000;

    private readonly RecordedLogs _logs = new();
    private readonly CountedPasswordHasher _hasher = new();
    private ServiceReplica<SigningKeyStore> _service = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        // Locks that end while a busy machine counts would change what is done.
        _service = await Fixture.StartReplicaAsync(
            services =>
            {
                _logs.AddTo(services);
                services.AddSingleton<IPasswordHasher<object>>(_hasher);
            },
            RecordedLogs.Setting,
            ("Lockout:FirstLock", "01:00:00"),
            ("Lockout:LongestLock", "01:00:00"),
            ("Lockout:Memory", "02:00:00"));
        _client = _service.CreateClient();
        _logs.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    // The first failure, one more, and the one that locks.
    [Fact]
    public async Task Login_Failing_DoesTheSameWhetherThereIsSuchAnAccountOrNot()
    {
        var known = await FailAllAsync(await KnownAsync());

        Assert.All(known, static work => Assert.Equal(HttpStatusCode.Unauthorized, work.Status));
        Assert.All(known, static work => Assert.Single(work.Checks));
        Assert.All(known, static work => Assert.Equal(2, work.Statements.Count));
        Assert.Equivalent(known, await FailAllAsync(NewEmail()), strict: true);
        Assert.Equivalent(known, await FailAllAsync(await DeactivatedAsync()), strict: true);
        Assert.Equivalent(known, await FailAllAsync($"no address\0{Guid.NewGuid()}"), strict: true);
    }

    [Fact]
    public async Task Login_Locked_ChecksNoPasswordWhetherThereIsSuchAnAccountOrNot()
    {
        string[] locked = [await KnownAsync(), await DeactivatedAsync(), NewEmail(), $"no address\0{Guid.NewGuid()}"];
        foreach (var email in locked)
        {
            await FailAllAsync(email);
        }

        // Also with the right one.
        foreach (var password in (string[])[Password, "a wrong password"])
        {
            var first = await SignInAsync(locked[0], password);

            Assert.Equal(HttpStatusCode.TooManyRequests, first.Status);
            Assert.Empty(first.Checks);
            Assert.Single(first.Statements);
            foreach (var email in locked[1..])
            {
                Assert.Equivalent(first, await SignInAsync(email, password), strict: true);
            }
        }
    }

    private async Task<string> KnownAsync() => (string)(await RegisterAsync()).User["email"]!;

    private async Task<string> DeactivatedAsync()
    {
        var (user, _) = await RegisterAsync();
        await ExecuteAsync($"UPDATE users SET deactivated_at = now() WHERE id = '{user["id"]}'");
        return (string)user["email"]!;
    }

    private async Task<IReadOnlyList<Work>> FailAllAsync(string email)
    {
        var works = new List<Work>();
        for (var i = 0; i < 5; i++)
        {
            works.Add(await SignInAsync(email, "a wrong password"));
        }

        return works;
    }

    private async Task<Work> SignInAsync(string email, string password)
    {
        _hasher.Checked.Clear();
        using var answer = await _client.PostAsJsonAsync("/auth/login", new { email, password }, Cancellation);
        var problem = (await ReadAsync(answer)).AsObject();
        problem.Remove("traceId");
        var statements = _logs.Of(answer)
            .Where(static entry => entry.Category == "Npgsql.Command" && entry.Event.Id == NpgsqlExecutes)
            .Select(static entry => entry.Values["CommandText"]);
        return new Work(
            answer.StatusCode,
            [.. answer.Headers.Concat(answer.Content.Headers).Select(static header => header.Key).Order()],
            problem.ToJsonString(),
            [.. _hasher.Checked],
            [.. statements]);
    }

    /// <param name="Status">What it was answered.</param>
    /// <param name="Headers">The names of the headers.</param>
    /// <param name="Problem">The body, without what is different each time.</param>
    /// <param name="Checks">What the password was checked against, as far as it decides how long that takes.</param>
    /// <param name="Statements">What the database was asked.</param>
    private sealed record Work(
        HttpStatusCode Status, IReadOnlyList<string> Headers, string Problem, IReadOnlyList<string> Checks, IReadOnlyList<string> Statements);

    private sealed class CountedPasswordHasher : IPasswordHasher<object>
    {
        // Before the salt: the version of the format, the function, the number of iterations, the length of the salt.
        private const int HeaderLength = 13;

        private readonly PasswordHasher<object> _hasher = PasswordHashes.CreateHasher();

        public ConcurrentQueue<string> Checked { get; } = [];

        public string HashPassword(object user, string password) => throw new InvalidOperationException("Nobody makes a hash to check one.");

        public PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword)
        {
            var hash = Convert.FromBase64String(hashedPassword);
            Checked.Enqueue($"{Convert.ToHexString(hash.AsSpan(0, HeaderLength))}, {hash.Length} bytes");
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
