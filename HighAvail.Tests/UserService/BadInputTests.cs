using System.Net;
using System.Net.Http.Headers;
using System.Text;
using HighAvail.UserService.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace HighAvail.Tests.UserService;

/// <summary>Whatever is sent, the answer says what is wrong with it, and nothing changes.</summary>
public sealed class BadInputTests(UserServiceFixture fixture) : UserServiceTest(fixture), IAsyncLifetime
{
    private const string Register = "register";
    private const string Login = "login";
    private const string Refresh = "refresh";
    private const string Logout = "logout";
    private const string Update = "update";
    private const string SetRole = "set-role";
    private const string Deactivate = "deactivate";
    private const string RefreshToken = "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr";
    private const string Injection = "'; DROP TABLE users; --";
    private const string Missing = "0190a5d0-0000-7000-8000-000000000000";

    private const string LongestPassword =
        "passwordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpassword";

    // Of 254 characters.
    private const string LongestEmail =
        $"eve@{LongestPassword}passwordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpasswordpassword.a";

    private readonly Guid _user = Guid.CreateVersion7();
    private readonly Guid _admin = Guid.CreateVersion7();

    public static TheoryData<string> WithBody => [Register, Login, Refresh, Logout, Update, SetRole];

    public static TheoryData<string> Repeatable => [Register, Login, Refresh, Logout, Update, SetRole, Deactivate];

    public static TheoryData<string, string> Bodies
    {
        get
        {
            var bodies = new TheoryData<string, string>();
            foreach (var endpoint in (string[])[Register, Login, Refresh, Logout, Update, SetRole])
            {
                foreach (var body in BadFormOf(Valid(endpoint)).Concat(Members(endpoint).SelectMany(member => BadMember(endpoint, member))))
                {
                    bodies.Add(endpoint, body);
                }
            }

            foreach (var email in BadEmails)
            {
                bodies.Add(Register, With(Register, "email", $"\"{email}\""));
            }

            foreach (var name in BadNames)
            {
                bodies.Add(Register, With(Register, "displayName", $"\"{name}\""));
                bodies.Add(Update, With(Update, "displayName", $"\"{name}\""));
            }

            foreach (var role in (string[])["Admin", "admin ", "admin\\u0000", "customer,admin", Injection, "' OR '1'='1", new('a', 10_000)])
            {
                bodies.Add(SetRole, With(SetRole, "role", $"\"{role}\""));
            }

            bodies.Add(Register, With(Register, "password", "\"elevenchars\""));
            bodies.Add(Register, With(Register, "password", $"\"{new string('a', 129)}\""));
            bodies.Add(Login, With(Login, "password", $"\"{new string('a', 129)}\""));
            bodies.Add(Login, With(Login, "email", $"\"{new string('a', 255)}\""));
            foreach (var endpoint in (string[])[Refresh, Logout])
            {
                bodies.Add(endpoint, With(endpoint, "refreshToken", $"\"{new string('a', 1_001)}\""));
            }

            return bodies;
        }
    }

    private static string[] BadEmails =>
    [
        "nobody", "@example.org", "ann@", "ann@example", "ann@@example.org", "a nn@example.org", "ann@example..org", "ann@-example.org",
        "ann@example.org\\u0000", "ann\\r\\nBcc: eve@example.org", "änn@example.org", "ann@exämple.org", "\u0430nn@example.org", "\uff41nn@example.org", "ann\u200b@example.org", Injection, $"ann@example.org{Injection}",
        $"{new string('a', 65)}@example.org", $"ann@{new string('a', 64)}.org", $"ann@{string.Concat(Enumerable.Repeat("example.", 32))}org",
        $"{new string('a', 288)}@example.org", new('a', 10_000),
    ];

    private static string[] BadNames =>
        [" ", "\\t", "a\\u0000b", "a\\nb", "\\u001b[2J", "a\\u0085b", "a\\u007f", new('a', 101), new('a', 10_000)];

    public async ValueTask InitializeAsync()
    {
        await AskAsync(
            $"""
            INSERT INTO users (id, email, normalized_email, display_name, password_hash, role, created_at, updated_at)
            SELECT id, id || '@example.org', id || '@example.org', 'Somebody', 'no hash', role, now(), now()
            FROM (VALUES (uuid '{_user}', 'customer'), (uuid '{_admin}', 'admin')) AS new (id, role)
            RETURNING email
            """);
        Fixture.Logs.Start();
    }

    public ValueTask DisposeAsync()
    {
        Fixture.Logs.Stop();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Send_BadBody_IsRefused(string endpoint, string body)
    {
        using var content = Json(body);

        await AssertRefusedAsync(Request(endpoint, content), HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Send_InvalidUtf8_IsRefused(string endpoint)
    {
        var member = Encoding.UTF8.GetBytes(Members(endpoint)[^1]);
        using var content = new ByteArrayContent([.. "{\""u8, .. member, .. "\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await AssertRefusedAsync(Request(endpoint, content), HttpStatusCode.BadRequest);
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Send_WrongContentType_IsRefused(string endpoint)
    {
        foreach (var type in (string?[])["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", null])
        {
            using var content = new StringContent(Valid(endpoint));
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

            await AssertRefusedAsync(Request(endpoint, content), HttpStatusCode.UnsupportedMediaType);
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    [InlineData(Deactivate)]
    public async Task Send_BodyTooLarge_IsRefused(string endpoint)
    {
        using var content = Json($"{Valid(endpoint)}{new string(' ', 300_000)}");

        await AssertRefusedAsync(Request(endpoint, content), HttpStatusCode.RequestEntityTooLarge);
    }

    // What a password or an unknown address may be is nothing to be told before signing in.
    [Theory]
    [InlineData("email", Injection)]
    [InlineData("email", "' OR '1'='1")]
    [InlineData("email", "ann@example.org\\u0000")]
    [InlineData("email", "\\u001b\\n")]
    [InlineData("password", Injection)]
    [InlineData("password", "\\u0000")]
    [InlineData("email", LongestEmail)]
    [InlineData("password", LongestPassword)]
    public async Task Login_NobodyIsMeant_IsRefusedAsAnyOther(string member, string value)
    {
        using var content = Json(With(Login, member, $"\"{value}\""));

        await AssertRefusedAsync(Request(Login, content), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Login_PasswordLongerThanAnybodys_IsToldTheSameWhoeverIsMeant()
    {
        var answers = new List<string>();
        foreach (var email in (string[])[$"{_user}@example.org", $"{Guid.NewGuid()}@example.org"])
        {
            var answer = await PostAsync("/auth/login", new { email, password = $"{LongestPassword}a" });
            var problem = (await ReadAsync(answer)).AsObject();
            problem.Remove("traceId");
            answers.Add($"{(int)answer.StatusCode} {problem.ToJsonString()}");
        }

        Assert.Contains("A password of at most 128 characters is required.", answers[0], StringComparison.Ordinal);
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal("0", await AskAsync($"SELECT count(*)::text FROM login_failures WHERE email_hash = sha256('{_user}@example.org')"));
    }

    // It is no more than a name and a password: kept as they are, and nothing else happens.
    [Fact]
    public async Task Send_SqlAsNameAndPassword_IsTakenAsItIs()
    {
        var others = await OthersAsync();
        var email = $"{_user}.new@example.org";
        var registered = await PostAsync("/auth/register", new { email, password = Injection, displayName = Injection });
        var login = await PostAsync("/auth/login", new { email, password = Injection });
        using var content = Json($$"""{"displayName":"{{Injection}}"}""");
        var updated = await Client.SendAsync(Request(Update, content), Cancellation);

        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        Assert.Equal(Injection, (string?)(await ReadAsync(registered))["displayName"]);
        Assert.Equal(Injection, (string?)(await ReadAsync(updated))["displayName"]);
        Assert.Equal(others, await OthersAsync());

        Task<string> OthersAsync() => AskAsync($"SELECT string_agg(u::text, E'\n' ORDER BY id) FROM users AS u WHERE email NOT LIKE '{_user}%'");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("%F0%28%8C%28")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("0190a5d0-0000-7000-8000-00000000000g")]
    [InlineData("' OR '1'='1")]
    [InlineData(Missing)]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public async Task Address_GarbageId_IsNotFound(string id)
    {
        await AssertRefusedAsync(Request(HttpMethod.Get, $"/users/{id}"), HttpStatusCode.NotFound);
        foreach (var endpoint in (string[])[Update, SetRole, Deactivate])
        {
            using var content = Json(Valid(endpoint));
            await AssertRefusedAsync(Request(endpoint, content, id), HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData(Update, HttpStatusCode.NotFound)]
    [InlineData(Deactivate, HttpStatusCode.NotFound)]
    [InlineData(SetRole, HttpStatusCode.Forbidden)]
    public async Task Address_AnothersId_IsRefused(string endpoint, HttpStatusCode expected)
    {
        using var content = Json(Valid(endpoint));
        using var own = Json(Valid(endpoint));
        var request = Request(endpoint, content, _admin.ToString());
        request.Headers.Authorization = Token(_user, "customer");
        var anonymous = Request(endpoint, own);
        anonymous.Headers.Authorization = null;

        await AssertRefusedAsync(request, expected);
        await AssertRefusedAsync(anonymous, HttpStatusCode.Unauthorized);
    }

    // The server itself refuses such an address, before there is anything to write a problem document.
    [Fact]
    public async Task Address_NullCharacter_IsRefused() => Assert.Equal(
        HttpStatusCode.BadRequest, (await Client.SendAsync(Request(HttpMethod.Delete, "/users/%00"), Cancellation)).StatusCode);

    [Theory]
    [InlineData("GET", "/auth/login")]
    [InlineData("PUT", "/auth/register")]
    [InlineData("GET", "/auth/refresh")]
    [InlineData("DELETE", "/auth/logout")]
    [InlineData("POST", "/users")]
    [InlineData("PATCH", "/users/me")]
    [InlineData("DELETE", "/users/me")]
    [InlineData("PUT", $"/users/{Missing}")]
    [InlineData("GET", $"/users/{Missing}/role")]
    public async Task Address_WrongMethod_IsRefused(string method, string path) =>
        await AssertRefusedAsync(Request(new HttpMethod(method), path), HttpStatusCode.MethodNotAllowed);

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task Send_BadIdempotencyKey_IsRefused(string endpoint)
    {
        foreach (var key in (string[])["", " ", "a b", "a\tb", new('k', 201), $"{Guid.NewGuid()}, {Guid.NewGuid()}", Injection])
        {
            using var content = Json(Valid(endpoint));
            await AssertRefusedAsync(Request(endpoint, content, key: key), HttpStatusCode.BadRequest, "\"Idempotency-Key\"");
        }
    }

    private static string[] Members(string endpoint) => endpoint switch
    {
        Register => ["email", "password", "displayName"],
        Login => ["email", "password"],
        Refresh or Logout => ["refreshToken"],
        Update => ["displayName"],
        SetRole => ["role"],
        _ => [],
    };

    private static string Value(string member) => member switch
    {
        "email" => "\"eve@example.org\"",
        "password" => $"\"{Password}\"",
        "refreshToken" => $"\"{RefreshToken}\"",
        "role" => "\"admin\"",
        _ => "\"Eve\"",
    };

    private static string Valid(string endpoint) => Json(Members(endpoint).Select(member => (member, Value(member))));

    private static string With(string endpoint, string member, string value) =>
        Json(Members(endpoint).Select(other => (other, other == member ? value : Value(other))));

    private static string Json(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static IEnumerable<string> BadFormOf(string valid) =>
    [
        "", " ", "{", "nonsense", "null", "[]", "{}", "1", "\"a\"", "\0", $"[{valid}]", valid[..^1], $"{valid[..^1]},}}", $"{valid}{{}}",
        $"{valid} // comment", $"{valid[..^1]},\"version\":1}}", $"{valid[..^1]},\"__proto__\":{{}}}}", $"{valid[..^1]},\"id\":\"{Missing}\"}}",
        $"{valid[..^1]},\"role\":\"admin\"}}", $"{valid[..^1]},\"Role\":\"admin\"}}",
        $"{valid[..^1]},\"a\":{new string('[', 1_000)}{new string(']', 1_000)}}}",
    ];

    private static IEnumerable<string> BadMember(string endpoint, string member)
    {
        foreach (var value in (string[])["null", "1", "true", "[]", "{}", $"[{Value(member)}]", "\"\"", "\"\\ud800\"", "\"\\x\"", "\"a\nb\""])
        {
            yield return With(endpoint, member, value);
        }

        var valid = Valid(endpoint);
        yield return Json(Members(endpoint).Where(other => other != member).Select(other => (other, Value(other))));
        yield return $"{valid[..^1]},\"{member}\":{Value(member)}}}";
        yield return $"{valid[..^1]},\"{member.ToUpperInvariant()}\":{Value(member)}}}";
    }

    private HttpRequestMessage Request(string endpoint, HttpContent? content, string? id = null, string? key = null)
    {
        id ??= _user.ToString();
        var request = endpoint switch
        {
            Register => Request(HttpMethod.Post, "/auth/register", key),
            Login => Request(HttpMethod.Post, "/auth/login", key),
            Refresh => Request(HttpMethod.Post, "/auth/refresh", key),
            Logout => Request(HttpMethod.Post, "/auth/logout", key),
            Update => Request(HttpMethod.Patch, $"/users/{id}", key),
            SetRole => Request(HttpMethod.Put, $"/users/{id}/role", key),
            _ => Request(HttpMethod.Delete, $"/users/{id}", key),
        };
        request.Content = content;
        return request;
    }

    // With everything else that a change needs.
    private HttpRequestMessage Request(HttpMethod method, string path, string? key = null)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        request.Headers.Authorization = Token(_admin, "admin");
        return request;
    }

    private AuthenticationHeaderValue Token(Guid user, string role) =>
        new("Bearer", Fixture.Service.Services.GetRequiredService<TokenIssuer>().Issue(user, role));

    private async Task AssertRefusedAsync(HttpRequestMessage request, HttpStatusCode expected, string? names = null)
    {
        var before = await SnapshotAsync();

        using var answer = await Client.SendAsync(request, Cancellation);

        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == expected, $"{request.Method} {request.RequestUri} was answered {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(names ?? answer.Headers.GetValues("X-Trace-Id").Single(), text, StringComparison.Ordinal);
        Assert.Equal(before, await SnapshotAsync());
        AssertTellsNoSecret(request, [$"{answer.Headers}{answer.Content.Headers}{text}", .. Fixture.Logs.Of(answer).Select(entry => entry.Text)]);
    }

    // Neither the answer nor the log, however much of it there is: what was sent of secrets, and who failed to sign in.
    private static void AssertTellsNoSecret(HttpRequestMessage request, IReadOnlyCollection<string> texts)
    {
        Assert.True(texts.Count > 5, $"Only {texts.Count} lines were logged.");
        string[] secrets =
        [
            .. request.Headers.Authorization is { Parameter: { } token } ? (string[])[token.Split('.')[2]] : [],
            Password, RefreshToken, LongestPassword, "elevenchars",
            .. request.RequestUri!.OriginalString == "/auth/login" ? (string[])["eve@example.org", "ann@example.org"] : [],
        ];
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private Task<string> SnapshotAsync() => AskAsync(
        """
        SELECT coalesce((SELECT string_agg(u::text, E'\n' ORDER BY id) FROM users AS u), '')
            || coalesce((SELECT string_agg(k::text, E'\n' ORDER BY scope) FROM idempotency_keys AS k), '')
            || coalesce((SELECT string_agg(f::text, E'\n' ORDER BY id) FROM refresh_families AS f), '')
            || coalesce((SELECT string_agg(t::text, E'\n' ORDER BY hash) FROM refresh_tokens AS t), '')
        """);

    // Through connections that are open already: there are hundreds of these tests.
    private async Task<string> AskAsync(string sql)
    {
        await using var command = Fixture.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        command.CommandTimeout = 60;
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
