using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.UserService.Access;

/// <summary>What tests of sign-ins and what becomes of them have in common.</summary>
public abstract class SessionTest(UserServiceFixture fixture) : UserServiceTest(fixture)
{
    protected async Task<(JsonNode User, string RefreshToken)> SignInAsync()
    {
        var email = NewEmail();
        var user = await ReadAsync(await PostAsync("/auth/register", new { email, password = Password, displayName = "Somebody" }));
        return (user, await SignInAgainAsync(email));
    }

    protected async Task<string> SignInAgainAsync(string email)
    {
        var response = await PostAsync("/auth/login", new { email, password = Password });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await RefreshTokenAsync(response);
    }

    protected async Task<HttpResponseMessage> RefreshAsync(string refreshToken, string? key = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/refresh") { Content = JsonContent.Create(new { refreshToken }) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await (client ?? Client).SendAsync(request, Cancellation);
    }

    protected Task<HttpResponseMessage> LogOutAsync(string refreshToken) => PostAsync("/auth/logout", new { refreshToken });

    /// <summary>The next refresh token, from a refresh that has to succeed.</summary>
    protected async Task<string> NextAsync(string refreshToken, string? key = null)
    {
        var response = await RefreshAsync(refreshToken, key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await RefreshTokenAsync(response);
    }

    protected static async Task<string> RefreshTokenAsync(HttpResponseMessage response) => (string)(await ReadAsync(response))["refreshToken"]!;

    protected async Task AssertRefusedAsync(string refreshToken, string? key = null)
    {
        var response = await RefreshAsync(refreshToken, key);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("The refresh token is not valid, or no longer. Sign in again.", (string?)(await ReadAsync(response))["title"]);
    }

    protected Task<long> CountFamiliesAsync(JsonNode user) => QueryAsync<long>($"SELECT count(*) FROM refresh_families WHERE user_id = '{user["id"]}'");
}
