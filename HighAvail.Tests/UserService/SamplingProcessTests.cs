using System.Net;
using System.Net.Http.Json;
using HighAvail.Tests.ServiceDefaults.Telemetry;

namespace HighAvail.Tests.UserService;

/// <summary>A service that exports its traces, as a process of its own: in this one other tests are traced as well.</summary>
public sealed class SamplingProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // The host sets the sampler as Aspire does; the budget is what counts.
    [Fact]
    public async Task Request_NotChosen_IsExportedWhenItFails()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await PostgresServer.StartNewAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}") };
        await using var service = await ServiceProcess.StartAsync(
            "HighAvail.UserService",
            [
                ("ASPNETCORE_URLS", client.BaseAddress!.ToString()),
                ("ConnectionStrings__usersdb", await server.CreateDatabaseAsync(Cancellation)),
                ("ConnectionStrings__cache", "127.0.0.1:1"),
                ("ServiceKey", "a-key-of-the-tests-only"),
                ("Sampling__MaxTracesPerSecond", "0"),
                ("Sampling__BusyRatio", "0"),
                ("OTEL_TRACES_SAMPLER", "always_on"),
                .. collector.Settings,
            ]);
        await service.WaitUntilHealthyAsync(client);
        var credentials = new { email = "ann@example.org", password = "correct horse battery" };

        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync("chosen-by-nobody", sampled: false));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync("chosen-by-the-client", sampled: true));
        await server.StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await LoginAsync("which-failed", sampled: false));

        await Eventually.TrueAsync(() => Has("chosen-by-the-client") && Has("which-failed"), "both are exported");
        Assert.False(Has("chosen-by-nobody"));

        bool Has(string text) => collector.Has("traces", text);

        async Task<HttpStatusCode> LoginAsync(string userAgent, bool sampled)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/login") { Content = JsonContent.Create(credentials) };
            request.Headers.UserAgent.ParseAdd(userAgent);
            request.Headers.Add("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-0{(sampled ? 1 : 0)}");
            using var plain = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = client.BaseAddress };
            using var response = await plain.SendAsync(request, Cancellation);
            return response.StatusCode;
        }
    }
}
