using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using HighAvail.Tests.OrderService;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HighAvail.Tests.Gateway.Forwarding;

/// <summary>A replica that dies between its commit and its answer: the gateway and a real Order service, and between them who loses what is answered.</summary>
public sealed class LostAnswerTests(OrderServiceFixture orders, GatewayFixture gateway) : OrderServiceTest(orders), IClassFixture<GatewayFixture>
{
    [Theory]
    // The client's own key, or the one that the gateway stamps.
    [InlineData("mine")]
    [InlineData(null)]
    public async Task Place_ServiceDiesBetweenCommitAndAnswer_IsOneOrderAndOneAnswer(string? key)
    {
        var placed = new List<string>();
        var dying = await gateway.StartReplicaAsync("dying", context => LoseFirstAnswerAsync(context, placed));
        await gateway.PublishOrdersAsync(dying);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(ValidOrder) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Authority.Issue(Customer));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await gateway.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(2, placed.Count);
        Assert.Equal(placed[0], placed[1]);
        Assert.Equal(placed[0], response.Headers.Location?.OriginalString);
        Assert.Equal(1, await Database.QueryAsync<long>($"SELECT count(*) FROM orders WHERE customer_id = '{Customer}'", Cancellation));
    }

    private async Task<bool> LoseFirstAnswerAsync(HttpContext context, List<string> placed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Address, context.Request.Path));
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        request.Content = new ByteArrayContent(content.ToArray());
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(context.Request.ContentType!);
        request.Headers.Add("Authorization", [context.Request.Headers.Authorization.ToString()]);
        request.Headers.Add("Idempotency-Key", [context.Request.Headers["Idempotency-Key"].ToString()]);

        using var client = new HttpClient();
        using var answer = await client.SendAsync(request, context.RequestAborted);
        placed.Add(answer.Headers.Location!.OriginalString);
        if (placed.Count == 1)
        {
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            return true;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Where(static h => h.Key is "Location" or "Idempotency-Replayed"))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        return true;
    }
}
