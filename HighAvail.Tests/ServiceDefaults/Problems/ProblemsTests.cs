using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace HighAvail.Tests.ServiceDefaults.Problems;

public class ProblemsTests
{
    private sealed record Order(string Sku, int Quantity);

    [Theory]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/throws", HttpStatusCode.InternalServerError)]
    [InlineData("/busy", HttpStatusCode.ServiceUnavailable)]
    public async Task Get_Fails_AnswersAProblemWithTheTraceIdOfTheHeader(string path, HttpStatusCode expected)
    {
        await using var service = await StartAsync();

        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        var problem = await AssertProblemAsync(response, expected);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Trace-Id")), problem.GetProperty("traceId").GetString());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/busy")]
    [InlineData("/database-away")]
    public async Task Get_TemporarilyUnavailable_SaysWhenToComeBack(string path)
    {
        await using var service = await StartAsync();

        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("Production", """{"sku":"a","quantity":1,"unknown":true}""")]
    [InlineData("Production", """{"sku":"a","quantity":""")]
    [InlineData("Production", """{"sku":"a","quantity":"many"}""")]
    [InlineData("Production", """{"sku":"a","quantity":"1"}""")]
    [InlineData("Production", """{"sku":"a","quantity":1,"quantity":2}""")]
    [InlineData("Development", """{"sku":"a","quantity":""")]
    [InlineData("Development", """{"sku":"a","quantity":1,"unknown":true}""")]
    public async Task Post_UnknownMemberOrMalformedJson_Answers400(string environment, string body)
    {
        await using var service = await StartAsync(environment);

        using var response = await PostAsync(service, new StringContent(body, Encoding.UTF8, "application/json"));

        await AssertProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{\"sku\":\"Ann\",\n\"quantity\":\"Ann\"}", 2)]
    [InlineData("{\"sku\":\"Ann\",\n\n\"quantity\":1 Ann}", 3)]
    [InlineData("{\"Ann\":\"Ann\",\n\"quantity\":1}", 1)]
    [InlineData("{\"sku\":\"Ann\",\n\"sku\":\"Ann\",\n\"quantity\":1}", 2)]
    [InlineData("{\"sku\":\"Ann\",\n\"quantity\":1", 2)]
    [InlineData("Ann", 1)]
    [InlineData("[\"Ann\"]", 1)]
    public async Task Post_MalformedJson_IsToldWhereWithoutWhat(string body, int line)
    {
        await using var service = await StartAsync();

        using var response = await PostAsync(service, new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Matches($"^The body is not the JSON that is expected here, at line {line}, byte [1-9][0-9]*\\.$", problem.GetProperty("detail").GetString());
        Assert.DoesNotContain("Ann", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WrongTypeOfAMember_IsToldWhereItEnds()
    {
        await using var service = await StartAsync();

        using var response = await PostAsync(service, new StringContent("""{"sku":"a","quantity":"many"}""", Encoding.UTF8, "application/json"));

        var problem = await AssertProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(
            "The body is not the JSON that is expected here, at line 1, byte 29.", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(HttpStatusCode.Gone, "https://tools.ietf.org/html/rfc9110#section-15.5.11")]
    [InlineData(HttpStatusCode.PreconditionRequired, "https://tools.ietf.org/html/rfc6585#section-3")]
    [InlineData(HttpStatusCode.TooManyRequests, "https://tools.ietf.org/html/rfc6585#section-4")]
    [InlineData(HttpStatusCode.PaymentRequired, "about:blank")]
    public async Task Get_StatusThatTheFrameworkHasNoTypeFor_HasOne(HttpStatusCode status, string type)
    {
        await using var service = await StartAsync();

        using var response = await service.Client.GetAsync(new Uri($"/problems/{(int)status}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(type, (await AssertProblemAsync(response, status)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Post_NotJson_Answers415()
    {
        await using var service = await StartAsync();

        using var response = await PostAsync(service, new StringContent("sku=a"));

        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOver256Kilobytes_Answers413(bool chunked)
    {
        await using var service = await StartAsync();
        var json = JsonSerializer.SerializeToUtf8Bytes(new Order(new string('a', 256 * 1024), 1), JsonSerializerOptions.Web);
        using HttpContent content = chunked ? new StreamContent(new MemoryStream(json)) : new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentLength = chunked ? null : json.Length;
        service.Client.DefaultRequestHeaders.TransferEncodingChunked = chunked;

        using var response = await PostAsync(service, content);

        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_BodyOfJustUnder256Kilobytes_IsAccepted()
    {
        await using var service = await StartAsync();
        var json = JsonSerializer.SerializeToUtf8Bytes(new Order(new string('a', (256 * 1024) - 100), 1), JsonSerializerOptions.Web);

        using var response = await PostAsync(service, new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/html")]
    public async Task Get_ClientAcceptsSomethingElse_StillAnswersAProblem(string accept)
    {
        await using var service = await StartAsync();
        service.Client.DefaultRequestHeaders.Accept.ParseAdd(accept);

        using var response = await service.Client.GetAsync(new Uri("/nowhere", UriKind.Relative), TestContext.Current.CancellationToken);

        await AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_Succeeds_HasATraceIdAndNoServerHeader()
    {
        await using var service = await StartAsync();

        using var response = await service.Client.GetAsync(new Uri("/fine", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(response.Headers.GetValues("X-Trace-Id")));
        Assert.Empty(response.Headers.Server);
    }

    [Fact]
    public async Task Get_TraceParentGiven_IsTheTraceIdAnswered()
    {
        await using var service = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.Address, "/fine"));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", Assert.Single(response.Headers.GetValues("X-Trace-Id")));
    }

    private static Task<TestService> StartAsync(string environment = "Production")
    {
        var builder = TestService.CreateBuilder();
        builder.Environment.EnvironmentName = environment;
        return TestService.StartAsync(builder, app =>
        {
            app.MapGet("/fine", () => "fine");
            app.MapGet("/problems/{status}", (int status) => Results.Problem(statusCode: status, title: "As asked for."));
            app.MapGet("/busy", () => Results.StatusCode(503));
            app.MapGet("/database-away", IResult () => throw new NpgsqlException("Exception while reading", new IOException()));
            app.MapGet("/throws", IResult () => throw new InvalidOperationException("Host=db;Password=secret"));
            app.MapPost("/orders", (Order order) => order.Quantity);
        });
    }

    private static Task<HttpResponseMessage> PostAsync(TestService service, HttpContent content) =>
        service.Client.PostAsync(new Uri("/orders", UriKind.Relative), content, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("type").GetString()));
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem;
    }
}
