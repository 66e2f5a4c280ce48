using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.Tests.ServiceDefaults.Access;

public sealed class AccessTokenTests : IDisposable
{
    private static readonly Guid _user = Guid.CreateVersion7();

    private sealed class Keys : ISigningKeySource
    {
        private readonly Dictionary<string, SecurityKey> _known = [];

        public Dictionary<string, SecurityKey> Stored { get; } = [];

        public int Refreshes { get; private set; }

        public bool IsComplete { get; set; } = true;

        public SecurityKey? Find(string keyId) => _known.GetValueOrDefault(keyId);

        public void Retire(string keyId)
        {
            Stored.Remove(keyId);
            _known.Remove(keyId);
        }

        public Task<bool> RefreshAsync(CancellationToken cancellationToken)
        {
            Refreshes++;
            foreach (var (id, key) in Stored)
            {
                _known[id] = key;
            }

            return Task.FromResult(IsComplete);
        }
    }

    private sealed class CountedVerifications : CryptoProviderFactory
    {
        private int _count;

        public int Count => _count;

        public override SignatureProvider CreateForVerifying(SecurityKey key, string algorithm, bool cacheProvider)
        {
            Interlocked.Increment(ref _count);
            return base.CreateForVerifying(key, algorithm, cacheProvider);
        }
    }

    private readonly Keys _keys = new();
    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _signer.Dispose();

    [Fact]
    public async Task Request_ValidToken_KnowsTheUser()
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, "/me", Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{_user} False", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("customer", HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.OK)]
    public async Task Request_AdminPolicy_NeedsTheRole(string role, HttpStatusCode expected)
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, "/admin", Token(d => d.Subject = Subject(role)));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Request_NoToken_Answers401Problem()
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, "/me", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
    }

    public static TheoryData<string> Forgeries => ["issuer", "audience", "expired", "not-yet-valid", "other-key", "hs256-with-public-key", "unsigned", "unsigned-in-other-case", "own-key-in-header", "tampered", "no-key-id", "oversized", "garbage"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Request_TokenIsNotOurs_Answers401WithoutSayingWhy(string forgery)
    {
        await using var service = await StartAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var token = forgery switch
        {
            "issuer" => Token(d => d.Issuer = "https://elsewhere"),
            "audience" => Token(d => d.Audience = "others"),
            "expired" => Token(d => (d.IssuedAt, d.NotBefore, d.Expires) = (DateTime.UtcNow.AddMinutes(-9), DateTime.UtcNow.AddMinutes(-9), DateTime.UtcNow.AddSeconds(-10))),
            "not-yet-valid" => Token(d => d.NotBefore = DateTime.UtcNow.AddMinutes(1)),
            "other-key" => Token(d => d.SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256)),
            "hs256-with-public-key" => Token(d => d.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(_signer.ExportSubjectPublicKeyInfo()) { KeyId = "k1" }, SecurityAlgorithms.HmacSha256)),
            "unsigned" => Token(d => d.SigningCredentials = null),
            "unsigned-in-other-case" => $"{Base64UrlEncoder.Encode("""{"alg":"nOnE","typ":"JWT","kid":"k1"}""")}.{Token().Split('.')[1]}.",
            "own-key-in-header" => Token(d =>
            {
                var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(other));
                d.AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = new Dictionary<string, object> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = jwk.X, ["y"] = jwk.Y } };
                d.SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256);
            }),
            "tampered" => Tamper(Token()),
            "no-key-id" => Token(d => d.SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(other), SecurityAlgorithms.EcdsaSha256)),
            "oversized" => Token(d => d.Claims = new Dictionary<string, object> { ["padding"] = new string('a', 20_000) }) + "A",
            _ => "garbage",
        };

        using var response = await GetAsync(service, "/me", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.True(string.IsNullOrEmpty(Assert.Single(response.Headers.WwwAuthenticate).Parameter));
    }

    [Theory]
    [InlineData("/me?access_token={0}", null, null)]
    [InlineData("/me?token={0}", null, null)]
    [InlineData("/me", "Cookie", "access_token={0}; Authorization=Bearer%20{0}")]
    [InlineData("/me", "Authorization", "Basic {0}")]
    [InlineData("/me", "Authorization", "{0}")]
    [InlineData("/me", "Authorization", "Bearer")]
    [InlineData("/me", "Authorization", "Bearer {0} {0}")]
    [InlineData("/me", "Authorization", "Bearer{0}")]
    [InlineData("/me", "X-Access-Token", "{0}")]
    [InlineData("/me", "Proxy-Authorization", "Bearer {0}")]
    public async Task Request_TokenIsElsewhere_Answers401Problem(string path, string? header, string? value)
    {
        await using var service = await StartAsync();
        var token = Token();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path.Replace("{0}", token, StringComparison.Ordinal), UriKind.Relative));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value!.Replace("{0}", token, StringComparison.Ordinal));
        }

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    // The server itself refuses such headers, before there is anything to look at them.
    [Fact]
    public async Task Request_TokenIsLargerThanHeadersMayBe_Answers431()
    {
        await using var service = await StartAsync();

        using var response = await GetAsync(service, "/me", Token(d => d.Claims = new Dictionary<string, object> { ["padding"] = new string('a', 40_000) }));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Request_KeyIsRetired_RefusesWhatItSignedAlsoWhatWasSeenBefore()
    {
        await using var service = await StartAsync();
        var token = Token();
        using var before = await GetAsync(service, "/me", token);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        _keys.Retire("k1");

        using var after = await GetAsync(service, "/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Request_KeyPublishedMeanwhile_IsReadAndAccepted()
    {
        await using var service = await StartAsync();
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Stored["k2"] = new ECDsaSecurityKey(next) { KeyId = "k2" };

        using var response = await GetAsync(service, "/me", Token(d =>
            d.SigningCredentials = new SigningCredentials(_keys.Stored["k2"], SecurityAlgorithms.EcdsaSha256)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{_user} False", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Request_ManyUnknownKeys_ReadsTheKeysOnce()
    {
        await using var service = await StartAsync(("Access:KeyRefreshInterval", "00:10:00"));
        var before = _keys.Refreshes;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => GetAsync(service, "/me", Token(d =>
            d.SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = $"x{i}" }, SecurityAlgorithms.EcdsaSha256)))));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.Unauthorized, r.StatusCode));
        Assert.Equal(before + 1, _keys.Refreshes);
    }

    [Fact]
    public async Task Request_UnknownKeyWhileKeysCannotBeRead_Answers503ButForgeriesStay401()
    {
        await using var service = await StartAsync(("Access:KeyRefreshInterval", "00:10:00"));
        _keys.IsComplete = false;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string Sign(string keyId) => Token(d =>
            d.SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256));

        // The second comes within the interval and is told what the first was told.
        for (var i = 0; i < 2; i++)
        {
            using var unknown = await GetAsync(service, "/me", Sign("k2"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
            Assert.NotNull(unknown.Headers.RetryAfter);
            Assert.Empty(unknown.Headers.WwwAuthenticate);
            Assert.Equal("application/problem+json", unknown.Content.Headers.ContentType?.MediaType);
        }

        using var forged = await GetAsync(service, "/me", Sign("k1"));
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task Request_TokenSeenBefore_IsNotVerifiedAgainUntilItsKeyIsReplaced()
    {
        await using var service = await StartAsync();
        var verifications = new CountedVerifications();
        _keys.Stored["k1"].CryptoProviderFactory = verifications;
        var token = Token();

        for (var i = 0; i < 3; i++)
        {
            using var known = await GetAsync(service, "/me", token);
            Assert.Equal($"{_user} False", await known.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(1, verifications.Count);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Stored["k1"] = new ECDsaSecurityKey(other) { KeyId = "k1" };
        await _keys.RefreshAsync(TestContext.Current.CancellationToken);
        using var replaced = await GetAsync(service, "/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, replaced.StatusCode);
    }

    [Fact]
    public async Task Request_TokenSeenBefore_IsRefusedOnceItHasExpired()
    {
        await using var service = await StartAsync(("Access:ClockSkew", "00:00:00"));
        var token = "";
        await Eventually.TrueAsync(
            async () =>
            {
                // On a busy machine one may have ended before it is read for the first time.
                token = Token(d => d.Expires = DateTime.UtcNow.AddSeconds(2));
                using var fresh = await GetAsync(service, "/me", token);
                return fresh.StatusCode == HttpStatusCode.OK;
            },
            "a token is accepted");

        await Eventually.TrueAsync(async () =>
        {
            using var later = await GetAsync(service, "/me", token);
            return later.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    [Fact]
    public async Task Request_MoreTokensThanAreRemembered_AreAllAccepted()
    {
        await using var service = await StartAsync(("Access:MaxRememberedTokens", "2"));

        for (var i = 0; i < 5; i++)
        {
            using var response = await GetAsync(service, "/me", Token(d => d.Claims = new Dictionary<string, object> { ["n"] = i }));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<TestService> StartAsync(params (string, string?)[] settings)
    {
        _keys.Stored["k1"] = new ECDsaSecurityKey(_signer) { KeyId = "k1" };
        await _keys.RefreshAsync(TestContext.Current.CancellationToken);
        var builder = TestService.CreateBuilder(settings);
        builder.AddAccessTokens();
        builder.Services.AddSingleton<ISigningKeySource>(_keys);
        return await TestService.StartAsync(builder, app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/me", (ClaimsPrincipal user) => $"{user.GetUserId()} {user.IsAdmin()}").RequireAuthorization();
            app.MapGet("/admin", () => "admin").RequireAuthorization(AccessPolicies.Admin);
        });
    }

    private string Token(Action<SecurityTokenDescriptor>? change = null)
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = "https://localhost:7443",
            Audience = "highavail",
            Subject = Subject("customer"),
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_signer) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler().CreateToken(descriptor);
    }

    private static ClaimsIdentity Subject(string role) => new([new("sub", _user.ToString()), new("role", role)]);

    private static string Tamper(string token)
    {
        var parts = token.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("customer", "admin", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    private static async Task<HttpResponseMessage> GetAsync(TestService service, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
