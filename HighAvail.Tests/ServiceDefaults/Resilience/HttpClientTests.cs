using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.ServiceDefaults.Resilience;

public class HttpClientTests
{
    [Theory]
    [InlineData("GET", HttpStatusCode.OK, 2)]
    [InlineData("HEAD", HttpStatusCode.OK, 2)]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("PUT", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("PATCH", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("DELETE", HttpStatusCode.ServiceUnavailable, 1)]
    public async Task Send_FirstAnswerIs503_RepeatsSafeMethodsOnly(string method, HttpStatusCode expected, int expectedAttempts)
    {
        var attempts = 0;
        await using var server = await TestService.StartAsync(app => app.Map("/flaky", (HttpContext context) =>
            context.Response.StatusCode = Interlocked.Increment(ref attempts) == 1 ? 503 : 200));
        await using var caller = await TestService.StartAsync();
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, "/flaky"));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expectedAttempts, attempts);
    }

    [Fact]
    public async Task Send_AttemptHangs_IsCutAndRepeated()
    {
        var attempts = 0;
        await using var server = await TestService.StartAsync(app => app.MapGet("/hangs-once", async (CancellationToken aborted) =>
        {
            if (Interlocked.Increment(ref attempts) == 1)
            {
                await Task.Delay(Timeout.Infinite, aborted);
            }
        }));
        await using var caller = await TestService.StartAsync(map: null, ("Resilience:AttemptTimeout", "00:00:02"));
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        using var response = await client.GetAsync(new Uri(server.Address, "/hangs-once"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task Start_TotalTimeoutBelowAttemptTimeout_FailsNamingBoth()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            TestService.StartAsync(map: null, ("Resilience:TotalTimeout", "00:00:01")));

        Assert.Contains("Resilience:TotalTimeout", exception.Message, StringComparison.Ordinal);
    }
}
