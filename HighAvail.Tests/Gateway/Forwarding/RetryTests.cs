using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HighAvail.Tests.Gateway.Forwarding;

public sealed class RetryTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Key = "Idempotency-Key";

    [Fact]
    public async Task Request_ReplicaRefusesConnections_IsAnsweredByAnother()
    {
        var replica = await gateway.StartReplicaAsync("well");
        await gateway.PublishOrdersAsync(replica.Address.OriginalString, $"https://127.0.0.1:{LoopbackPort.Free()}");

        for (var i = 0; i < 30; i++)
        {
            using var response = await PostAsync("/orders", $"{i}");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal($"{i}", (await GatewayFixture.ReadAsync(response)).GetProperty("body").GetString());
        }
    }

    [Fact]
    public async Task Request_ReplicaDiesWithIt_IsRepeatedAsTheSame()
    {
        var keys = new ConcurrentQueue<string?>();
        var dying = await gateway.StartReplicaAsync("dying", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            keys.Enqueue(context.Request.Headers[Key]);
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return true;
        });
        var well = await gateway.StartReplicaAsync("well");
        await gateway.PublishOrdersAsync(dying, well);
        var body = new string('x', 200_000);

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await PostAsync("/orders", body);
                var answer = await GatewayFixture.ReadAsync(response);
                Assert.Equal("well", answer.GetProperty("replica").GetString());
                Assert.Equal(body, answer.GetProperty("body").GetString());
                var key = answer.GetProperty("headers").GetProperty("idempotency-key").GetString();
                Assert.True(Guid.TryParse(key, out _), key);
                return keys.TryDequeue(out var first) && first == key;
            },
            "a request that met the dying replica first");
    }

    [Fact]
    public async Task Request_HasAKey_KeepsIt()
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/orders/1") { Headers = { { Key, "mine" } } };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("mine", (await GatewayFixture.ReadAsync(response)).GetProperty("headers").GetProperty("idempotency-key").GetString());
    }

    [Fact]
    public async Task Request_ChangesNothing_GetsNoKey()
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));

        using var response = await GetAsync("/orders");

        Assert.False((await GatewayFixture.ReadAsync(response)).GetProperty("headers").TryGetProperty("idempotency-key", out _));
    }

    [Fact]
    public async Task Request_ServiceAsksForARepetition_IsParkedUntilItIsDone()
    {
        var tries = new ConcurrentQueue<string?>();
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("busy", context =>
        {
            tries.Enqueue(context.Request.Headers[Key]);
            if (tries.Count > 4)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            context.Response.Headers["X-Mark"] = "of an answer nobody sees";
            return Task.FromResult(true);
        }));

        using var response = await PostAsync("/orders", "once");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("X-Mark"));
        Assert.Equal("once", (await GatewayFixture.ReadAsync(response)).GetProperty("body").GetString());
        Assert.Equal(5, tries.Count);
        Assert.Single(tries.Distinct());
    }

    [Fact]
    public async Task Request_ServiceRefusesForGood_IsToldSoAtOnce()
    {
        var tries = 0;
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("refusing", async context =>
        {
            Interlocked.Increment(ref tries);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("never", context.RequestAborted);
            return true;
        }));

        using var response = await PostAsync("/orders", "x");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("never", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Request_NoReplicaYet_WaitsForOne()
    {
        await gateway.PublishOrdersAsync(Array.Empty<string>());
        var response = PostAsync("/orders", "x");
        Assert.NotSame(response, await Task.WhenAny(response, Task.Delay(100, TestContext.Current.CancellationToken)));

        gateway.Publish("orders", await gateway.StartReplicaAsync("late"));

        using var answer = await response;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("late", (await GatewayFixture.ReadAsync(answer)).GetProperty("replica").GetString());
    }

    // The second theory: what kills one replica after another is not sent to all that there are.
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Request_KillsWhoeverGetsIt_IsGivenUp(int replicas)
    {
        var deaths = 0;
        var all = new List<HighAvail.Tests.ServiceDefaults.TestService>();
        for (var i = 0; i < replicas; i++)
        {
            all.Add(await gateway.StartReplicaAsync("dying", context =>
            {
                Interlocked.Increment(ref deaths);
                context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
                return Task.FromResult(true);
            }));
        }

        await gateway.PublishOrdersAsync([.. all]);
        var before = GivenUp();

        using var response = await PostAsync("/orders", "x");

        await GatewayFixture.AssertProblemAsync(response, HttpStatusCode.BadGateway);
        // A try over a connection that the last one has just killed may end before it gets anywhere; of six replicas each has its own.
        Assert.InRange(deaths, replicas == 1 ? 2 : 4, 4);
        await Eventually.TrueAsync(() => GivenUp() == before + 1);

        int GivenUp() => gateway.Process.Output.Split("A request to 'orders' was given up after 4 tries: Lost.").Length - 1;
    }

    [Theory]
    [InlineData("é")]
    [InlineData("漢字")]
    public async Task Request_HeaderIsNotAscii_ArrivesAsItIs(string value)
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));
        await using var connection = await gateway.ConnectAsync();
        await connection.WriteAsync(
            Encoding.UTF8.GetBytes($"GET /orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Name: {value}\r\n\r\n"), TestContext.Current.CancellationToken);

        var answer = await GatewayFixture.ReadToEndAsync(connection);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(
            value,
            System.Text.Json.JsonElement.Parse(answer[answer.IndexOf('{')..(answer.LastIndexOf('}') + 1)]).GetProperty("headers").GetProperty("x-name").GetString());
    }

    [Fact]
    public async Task Request_ServiceAnswersBeforeItHasReadTheBody_IsNotRepeated()
    {
        var tries = 0;
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("hasty", context =>
        {
            Interlocked.Increment(ref tries);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.FromResult(true);
        }));

        using var response = await PostAsync("/orders", new string('x', 250_000));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Request_AnswerBreaksInTheMiddle_IsNotRepeated()
    {
        var tries = 0;
        var begun = new TaskCompletionSource();
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("breaking", async context =>
        {
            Interlocked.Increment(ref tries);
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await begun.Task.WaitAsync(context.RequestAborted);
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return true;
        }));
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent("x") };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        begun.SetResult();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task Request_BodyOfUnknownLength_ArrivesWithItsLength()
    {
        await gateway.PublishOrdersAsync(await gateway.StartReplicaAsync("orders"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = new StringContent(new string('y', 10_000)) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var answer = await GatewayFixture.ReadAsync(response);
        Assert.Equal(10_000, answer.GetProperty("body").GetString()!.Length);
        Assert.Equal("10000", answer.GetProperty("headers").GetProperty("content-length").GetString());
        Assert.False(answer.GetProperty("headers").TryGetProperty("transfer-encoding", out _));
    }

    private Task<HttpResponseMessage> GetAsync(string path) =>
        gateway.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PostAsync(string path, string body) => gateway.Client.PostAsync(
        new Uri(path, UriKind.Relative),
        new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("text/plain")),
        TestContext.Current.CancellationToken);
}
