using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.UserService.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace HighAvail.Tests.UserService.Keys;

/// <summary>Two replicas whose keys follow one another within seconds.</summary>
public sealed class KeyRotationTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly object _person = new { email = "ann@example.org", password = "correct horse battery", displayName = "Ann" };

    private string _database = null!;
    private ServiceReplica<SigningKeyStore> _first = null!;
    private ServiceReplica<SigningKeyStore> _second = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task Rotate_ByItself_EveryKeyIsPublishedLongBeforeItSignsAndRetiredWhenItsLastTokenHasExpired()
    {
        await StartAsync("00:00:02");
        using var clients = new Clients(_first, _second);
        var refreshToken = await clients.SignInAsync();
        var signed = new HashSet<string>();
        var first = "";

        do
        {
            (var access, refreshToken) = await clients.RefreshAsync(refreshToken);
            signed.Add(new JsonWebToken(access).Kid);
            first = first.Length == 0 ? access : first;
            await clients.AssertAcceptedAsync(access);
        }
        while ((await clients.PublishedAsync()).Contains(new JsonWebToken(first).Kid));

        Assert.InRange(signed.Count, 2, int.MaxValue);
        Assert.All(await clients.AskAsync(first), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        // However many replicas make them, there is one next key at a time, and it is published as long as its predecessor signs.
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM signing_keys WHERE generation > 1 AND not_before < created_at + interval '2 seconds'"));
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM signing_keys AS one JOIN signing_keys AS next ON next.generation = one.generation + 1 AND next.created_at < one.not_before WHERE next.generation > 2"));
        // A retired one was still published when the last token of it ended.
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM signing_keys AS one JOIN signing_keys AS next ON next.generation = one.generation + 1 AND one.retired_at < next.not_before + interval '10 seconds'"));
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM signing_keys WHERE (retired_at IS NULL) = (length(private_key) = 0)"));
    }

    [Fact]
    public async Task Rotate_AllRetiredByHand_TheirTokensEndAndNewOnesAreSigned()
    {
        await StartAsync("30.00:00:00");
        using var clients = new Clients(_first, _second);
        var refreshToken = await clients.SignInAsync();
        var (stolen, next) = await clients.RefreshAsync(refreshToken);
        await clients.AssertAcceptedAsync(stolen);

        await using (var dataSource = NpgsqlDataSource.Create(_database))
        await using (var command = dataSource.CreateCommand("UPDATE signing_keys SET retired_at = now(), private_key = '' WHERE retired_at IS NULL"))
        {
            Assert.Equal(2, await command.ExecuteNonQueryAsync(Cancellation));
        }

        await Eventually.TrueAsync(
            async () => (await clients.AskAsync(stolen)).All(status => status == HttpStatusCode.Unauthorized), "tokens of before are refused");
        await Eventually.TrueAsync(
            async () =>
            {
                (var access, next) = await clients.RefreshAsync(next);
                return (await clients.AskAsync(access)).All(status => status == HttpStatusCode.OK);
            },
            "new ones are accepted");
        await Eventually.TrueAsync(
            async () => await QueryAsync<long>("SELECT count(*) FROM signing_keys WHERE retired_at IS NULL") == 2, "there is one that signs and a next one");
    }

    private async Task StartAsync(string interval)
    {
        _first = await StartReplicaAsync();
        _second = await StartReplicaAsync();

        Task<ServiceReplica<SigningKeyStore>> StartReplicaAsync() => ServiceReplica<SigningKeyStore>.StartReadyAsync(
            ("ConnectionStrings:usersdb", _database),
            ("SigningKeys:RotationInterval", interval),
            ("SigningKeys:CheckInterval", "00:00:00.100"),
            ("Access:ClockSkew", "00:00:00"),
            ("Tokens:AccessTokenLifetime", "00:00:10"));
    }

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_database);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Somebody who asks the replicas in turn.</summary>
    private sealed class Clients(params ServiceReplica<SigningKeyStore>[] replicas) : IDisposable
    {
        private readonly HttpClient[] _clients = [.. replicas.Select(replica => replica.CreateClient())];
        private int _turn;

        public async Task<string> SignInAsync()
        {
            (await _clients[0].PostAsJsonAsync("/auth/register", _person, Cancellation)).EnsureSuccessStatusCode();
            using var login = await _clients[0].PostAsJsonAsync("/auth/login", new { email = "ann@example.org", password = "correct horse battery" }, Cancellation);
            return (string)(await login.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["refreshToken"]!;
        }

        public async Task<(string Access, string Refresh)> RefreshAsync(string refreshToken)
        {
            using var response = await _clients[_turn++ % _clients.Length].PostAsJsonAsync("/auth/refresh", new { refreshToken }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var pair = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
            return ((string)pair["accessToken"]!, (string)pair["refreshToken"]!);
        }

        /// <summary>The keys that every replica publishes.</summary>
        public async Task<IReadOnlyList<string>> PublishedAsync()
        {
            var sets = await Task.WhenAll(_clients.Select(async client => (await client.GetFromJsonAsync<JsonObject>("/.well-known/jwks.json", Cancellation))!["keys"]!
                .AsArray().Select(key => (string)key!["kid"]!).ToList()));
            return [.. sets.Aggregate<IEnumerable<string>>((one, other) => one.Intersect(other))];
        }

        public Task<HttpStatusCode[]> AskAsync(string access) => Task.WhenAll(_clients.Select(async client =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/users/me");
            request.Headers.Authorization = new("Bearer", access);
            using var response = await client.SendAsync(request, Cancellation);
            return response.StatusCode;
        }));

        public async Task AssertAcceptedAsync(string access) => Assert.All(await AskAsync(access), status => Assert.Equal(HttpStatusCode.OK, status));

        public void Dispose()
        {
            foreach (var client in _clients)
            {
                client.Dispose();
            }
        }
    }
}
