using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HighAvail.UserService.Keys;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace HighAvail.Tests.UserService.Access;

/// <summary>Whatever becomes of sign-ins and sessions, what opens anything is in no log, at no level, and in no error.</summary>
public sealed class SecretsTests(SharedPostgres postgres) : IDisposable
{
    private const string Password = "correct horse battery";
    private const string WrongPassword = "staple horse battery";
    private const string AdminPassword = "battery staple correct";
    private const string ServiceKey = "a-service-key-of-this-test";
    private const string WrongServiceKey = "a-key-of-somebody-else";
    private const string Unknown = "nobody.at.all@example.org";

    private readonly RecordedLogs _logs = new();
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string> _secrets = [];
    private HttpClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client?.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Logs_OfSignInsAndSessionsOfEveryKind_HoldNoSecret()
    {
        var database = await (await postgres.GetAsync(Cancellation)).CreateDatabaseAsync(Cancellation);
        await using var dataSource = NpgsqlDataSource.Create(database);
        _logs.Start();
        await using var service = await ServiceReplica<SigningKeyStore>.StartReadyAsync(
            _logs.AddTo,
            RecordedLogs.Setting,
            ("ConnectionStrings:usersdb", database),
            ("ServiceKey", ServiceKey),
            ("Administrator:Email", "root@example.org"),
            ("Administrator:Password", AdminPassword));
        _client = service.CreateClient();

        var email = await SignInAsync(dataSource);
        await UseTokensAsync(await RefreshAsync(email));
        await AskInternallyAsync();
        await FailUnexpectedlyAsync(dataSource, email);

        _secrets["password"] = Password;
        _secrets["wrong password"] = WrongPassword;
        _secrets["the administrator's password"] = AdminPassword;
        _secrets["service key"] = ServiceKey;
        _secrets["wrong service key"] = WrongServiceKey;
        _secrets["the database's password"] = new NpgsqlConnectionStringBuilder(database).Password!;
        _secrets["unknown e-mail"] = Unknown;
        _secrets["e-mail of a wrong password"] = email;
        await AddStoredAsync(dataSource);
        Assert.True(_secrets.Count > 20, $"Only {_secrets.Count} secrets are known.");
        Assert.All(_secrets.Values, static secret => Assert.True(secret.Length > 10, secret));
        Assert.True(_errors.Count > 12, $"Only {_errors.Count} errors were answered.");
        // It does listen: the least important, what the database is asked, and what went wrong.
        Assert.Contains(_logs.Entries, static entry => entry.Level == LogLevel.Trace);
        Assert.Contains(_logs.Entries, static entry => entry.Category == "Npgsql.Command" && entry.Text.Contains("login_failures", StringComparison.Ordinal));
        Assert.Contains(_logs.Entries, static entry => entry.Level == LogLevel.Error && entry.Text.Contains(nameof(PostgresException), StringComparison.Ordinal));
        AssertHoldNone(_logs.Entries.Select(static entry => entry.Text));
        AssertHoldNone(_errors);
    }

    // Registered, known already, wrong, unknown, locked, right, with a hash to be replaced.
    private async Task<string> SignInAsync(NpgsqlDataSource dataSource)
    {
        const string Email = "ann.of.this.test@example.org";
        var registration = new { email = Email, password = Password, displayName = "Ann" };
        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", registration);
        await SendAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/auth/register", registration);
        await SendAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/auth/register", new { email = Email, password = Password });
        await SendAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/auth/login", new { email = Email, password = Password, token = Password });
        await SendAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/auth/login", new { email = Email, password = $"{Password}{new string('a', 128)}" });
        await SendAsync(HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, "/auth/login", new StringContent($"{Email} {Password}"));
        foreach (var email in (string[])[Unknown, Email])
        {
            for (var i = 0; i < 5; i++)
            {
                await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/login", new { email, password = WrongPassword });
            }
        }

        await ExecuteAsync(dataSource, "UPDATE login_failures SET locked_until = now() + interval '1 hour'");
        await SendAsync(HttpStatusCode.TooManyRequests, HttpMethod.Post, "/auth/login", new { email = Email, password = Password });

        var weak = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(new object(), Password);
        _secrets["replaced hash"] = weak;
        await ExecuteAsync(dataSource, $"UPDATE users SET password_hash = '{weak}' WHERE email = '{Email}'");
        await ExecuteAsync(dataSource, "DELETE FROM login_failures");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/login", new { email = "root@example.org", password = AdminPassword });
        return Email;
    }

    // Refreshed, repeated, spent, ended. Returns an access token.
    private async Task<string> RefreshAsync(string email)
    {
        var first = await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/login", new { email, password = Password });
        var second = await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", RefreshOf(first), ("Idempotency-Key", "the-same"));
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", RefreshOf(first), ("Idempotency-Key", "the-same"));
        await SendAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/auth/refresh", RefreshOf(second), ("Idempotency-Key", "no key"));
        await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", RefreshOf(first));
        await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", RefreshOf(second));
        var third = await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/auth/login", new { email, password = Password });
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Post, "/auth/logout", RefreshOf(third));
        await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/auth/refresh", RefreshOf(third));
        return (string)third["accessToken"]!;

        static object RefreshOf(JsonNode answer) => new { refreshToken = (string)answer["refreshToken"]! };
    }

    // Good, of another signature, of no signature, twice, elsewhere.
    private async Task UseTokensAsync(string token)
    {
        var parts = token.Split('.');
        var forged = $"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";
        _secrets["signature of a forged token"] = forged.Split('.')[2];
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/users/me", header: ("Authorization", $"Bearer {token}"));
        await SendAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "/users", header: ("Authorization", $"Bearer {token}"));
        foreach (var header in ((string, string)[])
            [
                ("Authorization", $"Bearer {forged}"), ("Authorization", $"Bearer {parts[0]}.{parts[1]}."), ("Authorization", $"Bearer {token} {token}"),
                ("Authorization", $"Bearer {parts[2]}"), ("Authorization", $"Basic {token}"), ("Cookie", $"access_token={token}"), ("X-Access-Token", token),
            ])
        {
            await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/users/me", header: header);
        }
    }

    private async Task AskInternallyAsync()
    {
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/internal/users/changes", header: ("X-Service-Key", ServiceKey));
        await SendAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/internal/users/changes", header: ("X-Service-Key", WrongServiceKey));
    }

    private async Task FailUnexpectedlyAsync(NpgsqlDataSource dataSource, string email)
    {
        await ExecuteAsync(dataSource, "ALTER TABLE refresh_families RENAME TO gone");
        await SendAsync(HttpStatusCode.InternalServerError, HttpMethod.Post, "/auth/login", new { email, password = Password });
        await SendAsync(HttpStatusCode.InternalServerError, HttpMethod.Post, "/auth/refresh", new { refreshToken = _secrets.First(static secret => secret.Key.StartsWith("refresh", StringComparison.Ordinal)).Value });
        await ExecuteAsync(dataSource, "ALTER TABLE login_failures RENAME TO gone_as_well");
        await SendAsync(HttpStatusCode.InternalServerError, HttpMethod.Post, "/auth/login", new { email = Unknown, password = WrongPassword });
    }

    private async Task AddStoredAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT email, convert_to(password_hash, 'UTF8') FROM users UNION ALL SELECT kid, private_key FROM signing_keys");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            var (name, stored) = (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            if (name.Contains('@', StringComparison.Ordinal))
            {
                _secrets[$"hash of {name}"] = System.Text.Encoding.UTF8.GetString(stored);
                continue;
            }

            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(stored, out _);
            var secret = key.ExportParameters(includePrivateParameters: true).D!;
            _secrets[$"{name} stored"] = Convert.ToBase64String(stored);
            _secrets[$"{name} as in a JWK"] = Base64UrlEncoder.Encode(secret);
            _secrets[$"{name} in hexadecimal digits"] = Convert.ToHexString(secret);
        }
    }

    private Task<JsonNode> SendAsync(HttpStatusCode expected, HttpMethod method, string path, object? body = null, (string Name, string Value)? header = null) =>
        SendAsync(expected, method, path, body is null ? null : JsonContent.Create(body), header);

    // Of an access token its signature: without it the rest opens nothing.
    private async Task<JsonNode> SendAsync(HttpStatusCode expected, HttpMethod method, string path, HttpContent? content, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (header is { } sent)
        {
            request.Headers.TryAddWithoutValidation(sent.Name, sent.Value);
        }

        using var answer = await _client!.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{method} {path} was answered {(int)answer.StatusCode}: {text}");
        if (!answer.IsSuccessStatusCode)
        {
            _errors.Add($"{answer.Headers}\n{answer.Content.Headers}\n{text}");
        }

        var read = text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject();
        if (expected == HttpStatusCode.OK && read["refreshToken"] is { } refreshToken)
        {
            _secrets[$"refresh token {_secrets.Count}"] = (string)refreshToken!;
            _secrets[$"access token {_secrets.Count}"] = ((string)read["accessToken"]!).Split('.')[2];
        }

        return read;
    }

    private void AssertHoldNone(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            foreach (var (name, secret) in _secrets)
            {
                Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{name} is in: {text}");
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
