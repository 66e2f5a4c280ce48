using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HighAvail.UserService.Keys;

namespace HighAvail.Tests.UserService.Access;

/// <summary>The commit of a refresh waits for a synchronous standby that is away. Nobody is signed out by that.</summary>
public sealed class RefreshInDoubtTests
{
    private const string Key = "the-same";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CommitCut.Cancelled)]
    [InlineData(CommitCut.ServerKilled)]
    public async Task Refresh_CutWhileItsCommitWaits_IsUnknownAndARepetitionFindsOutWhenTheStandbyIsThere(CommitCut cut)
    {
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        await using var service = await ServiceReplica<SigningKeyStore>.StartReadyAsync(
            ("ConnectionStrings:usersdb", await server.CreateDatabaseAsync(Cancellation)));
        using var client = service.CreateClient();
        var token = await SignInAsync(client);
        var held = await HeldCommits.HoldAsync(server);

        var first = RefreshAsync(client, token);
        await held.CutAsync(cut, await held.WaitForCommitAsync("INSERT INTO refresh_tokens"));

        using var unknown = await first;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        Assert.NotNull(unknown.Headers.RetryAfter);
        var repetition = RefreshUntilAnsweredAsync(client, token);
        await held.WaitForCommitAsync("refresh_tokens");
        Assert.False(repetition.IsCompleted);

        await held.ReleaseAsync();
        using var answer = await repetition;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var next = await RefreshAsync(client, await RefreshTokenAsync(answer));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    private static async Task<string> SignInAsync(HttpClient client)
    {
        var person = new { email = "ann@example.org", password = "correct horse battery", displayName = "Ann" };
        (await client.PostAsJsonAsync("/auth/register", person, Cancellation)).EnsureSuccessStatusCode();
        using var login = await client.PostAsJsonAsync("/auth/login", new { person.email, person.password }, Cancellation);
        return await RefreshTokenAsync(login);
    }

    private static async Task<string> RefreshTokenAsync(HttpResponseMessage response) =>
        (string)(await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["refreshToken"]!;

    private static async Task<HttpResponseMessage> RefreshUntilAnsweredAsync(HttpClient client, string refreshToken)
    {
        while (true)
        {
            var answer = await RefreshAsync(client, refreshToken);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            answer.Dispose();
        }
    }

    private static async Task<HttpResponseMessage> RefreshAsync(HttpClient client, string refreshToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/refresh") { Content = JsonContent.Create(new { refreshToken }) };
        request.Headers.Add("Idempotency-Key", Key);
        return await client.SendAsync(request, Cancellation);
    }
}
