using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace HighAvail.Tests.OrderService.Orders;

/// <summary>Whatever is sent, the answer says what is wrong with it, and nothing changes.</summary>
public sealed class BadInputTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    private const string Line = """{"sku":"a","quantity":1,"unitPrice":1}""";
    private const string Injection = "'; DROP TABLE orders; --";

    public static TheoryData<string> Bodies =>
    [
        "",
        " ",
        "{",
        "nonsense",
        "null",
        "[]",
        "1",
        "\"EUR\"",
        "\0",
        $$"""{"currency":"EUR","lines":[{{Line}}]""",
        $$"""{"currency":"EUR","lines":[{{Line}}]}{}""",
        $$"""{"currency":"EUR","lines":[{{Line}},]}""",
        $$"""{"currency":"EUR","lines":[{{Line}}]} // comment""",
        // Wrong types and nulls.
        $$"""{"currency":1,"lines":[{{Line}}]}""",
        $$"""{"currency":null,"lines":[{{Line}}]}""",
        $$"""{"currency":["EUR"],"lines":[{{Line}}]}""",
        """{"currency":"EUR","lines":null}""",
        """{"currency":"EUR","lines":"a"}""",
        """{"currency":"EUR","lines":[]}""",
        """{"currency":"EUR","lines":[1]}""",
        """{"currency":"EUR","lines":[[]]}""",
        """{"currency":"EUR","lines":[{"sku":null,"quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":1,"quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":null,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":true,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":null}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":"1"}]}""",
        // Out of range.
        """{"currency":"EUR","lines":[{"sku":"a","quantity":-1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":10001,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":9223372036854775807,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":-1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":1000000001}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":9223372036854775808}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":0.5}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":NaN,"unitPrice":1}]}""",
        // Overlong.
        $$"""{"currency":"{{new string('E', 10_000)}}","lines":[{{Line}}]}""",
        $$"""{"currency":"EUR","lines":[{"sku":"{{new string('a', 65)}}","quantity":1,"unitPrice":1}]}""",
        $$"""{"currency":"EUR","lines":[{{string.Join(',', Enumerable.Repeat(Line, 101))}}]}""",
        $$"""{"currency":"EUR","lines":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""",
        // Control characters, lone surrogates and the like.
        """{"currency":"EUR","lines":[{"sku":"a\u0000b","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"\ud800","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a\nb","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"ä","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EU\u0000","lines":[{"sku":"a","quantity":1,"unitPrice":1}]}""",
        // Duplicate and unknown members.
        """{"currency":"EUR","lines":[{"sku":"a","sku":"b","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","Currency":"USD","lines":[{"sku":"a","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","lines":[{"sku":"a","quantity":1,"unitPrice":1,"discount":1}]}""",
        """{"currency":"EUR","customerId":"0190a5d0-0000-7000-8000-000000000000","lines":[{"sku":"a","quantity":1,"unitPrice":1}]}""",
        """{"currency":"EUR","__proto__":{},"lines":[{"sku":"a","quantity":1,"unitPrice":1}]}""",
        // SQL.
        $$"""{"currency":"{{Injection}}","lines":[{{Line}}]}""",
        $$"""{"currency":"EUR","lines":[{"sku":"{{Injection}}","quantity":1,"unitPrice":1}]}""",
        $$"""{"currency":"EUR","lines":[{"sku":"a","quantity":"{{Injection}}","unitPrice":1}]}""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Place_BadBody_IsRefused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        await AssertRefusedAsync(await Client.PostAsync("/orders", content, Cancellation), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Place_InvalidUtf8_IsRefused()
    {
        using var content = new ByteArrayContent([.. "{\"currency\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        await AssertRefusedAsync(await Client.PostAsync("/orders", content, Cancellation), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Place_WrongContentType_IsRefused(string? contentType)
    {
        using var content = new StringContent($$"""{"currency":"EUR","lines":[{{Line}}]}""");
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        await AssertRefusedAsync(await Client.PostAsync("/orders", content, Cancellation), HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Place_BodyTooLarge_IsRefused()
    {
        using var content = new StringContent($$"""{"currency":"EUR","lines":[{{Line}}{{new string(' ', 300_000)}}]}""", Encoding.UTF8, "application/json");

        await AssertRefusedAsync(await Client.PostAsync("/orders", content, Cancellation), HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("%F0%28%8C%28")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("0190a5d0-0000-7000-8000-00000000000g")]
    [InlineData("' OR '1'='1")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public async Task Address_GarbageId_IsNotFound(string id)
    {
        var before = await SnapshotAsync();

        foreach (var path in new[] { $"/orders/{id}", $"/orders/{id}/events" })
        {
            await AssertProblemAsync(await Client.GetAsync(path, Cancellation), HttpStatusCode.NotFound);
        }

        using var admin = CreateAdmin();
        foreach (var action in new[] { "cancel", "ship", "retry" })
        {
            await AssertProblemAsync(await PostAsync(admin, $"/orders/{id}/{action}"), HttpStatusCode.NotFound);
        }

        Assert.Equal(before, await SnapshotAsync());
    }

    // The server itself refuses such an address, before there is anything to write a problem document.
    [Fact]
    public async Task Address_NullCharacter_IsRefused() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("/orders/%00", Cancellation)).StatusCode);

    [Fact]
    public async Task List_AnothersCursor_GivesNothingOfTheirs()
    {
        var theirs = Guid.CreateVersion7();
        await Database.InsertAsync(theirs, "confirmed", Cancellation);
        await Database.InsertAsync(theirs, "confirmed", Cancellation);
        using var other = Service.CreateClient(Authority.Issue(theirs));
        var next = (string?)(await ReadAsync(await other.GetAsync("/orders?limit=1", Cancellation)))["next"];

        var page = await ReadAsync(await Client.GetAsync($"/orders?after={next}", Cancellation));

        Assert.NotNull(next);
        Assert.Empty(page["items"]!.AsArray());
    }

    [Theory]
    [InlineData("PUT", "/orders")]
    [InlineData("DELETE", "/orders")]
    [InlineData("GET", "/orders/0190a5d0-0000-7000-8000-000000000000/cancel")]
    [InlineData("POST", "/orders/failed")]
    public async Task Address_WrongMethod_IsRefused(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await AssertRefusedAsync(await Client.SendAsync(request, Cancellation), HttpStatusCode.MethodNotAllowed);
    }

    private async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        await AssertProblemAsync(answer, expected);
        Assert.Equal(0, await Database.QueryAsync<long>($"SELECT count(*) FROM orders WHERE customer_id = '{Customer}'", Cancellation));
    }

    private Task<string> SnapshotAsync() => Database.QueryAsync<string>(
        "SELECT (SELECT count(*) FROM orders) || ' ' || (SELECT count(*) FROM order_events) || ' ' || (SELECT count(*) FROM idempotency_keys)",
        Cancellation);
}
