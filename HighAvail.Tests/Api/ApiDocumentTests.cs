using System.Net;
using System.Text.Json.Nodes;
using HighAvail.Tests.OrderService;
using HighAvail.Tests.UserService;
using Microsoft.OpenApi;

namespace HighAvail.Tests.Api;

public sealed class ApiDocumentTests(UserServiceFixture users, OrderServiceFixture orders) : IClassFixture<UserServiceFixture>, IClassFixture<OrderServiceFixture>
{
    // They take a key as all changes do, and have rules of their own for repetitions.
    private static readonly string[] _storeNoAnswer = ["login", "refresh", "logout"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Document_OfEachService_IsValidOpenApi31()
    {
        foreach (var document in (await ReadAsync()).Documents)
        {
            var read = OpenApiDocument.Parse(document.Text, "json");

            Assert.Empty(read.Diagnostic!.Errors);
            Assert.Empty(read.Diagnostic.Warnings);
            Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
            Assert.Equal("/", Assert.Single(read.Document!.Servers!).Url);
        }
    }

    // The services' own contract is docs/api.md: what is there is here, and nothing else.
    [Fact]
    public async Task Document_OfEachService_HasTheCallsOfTheContractAndNoOther()
    {
        var calls = ApiContract.Calls.ToHashSet();

        Assert.Equal(calls.Order(), (await ReadAsync()).Operations.Select(static operation => operation.Call).Order());
    }

    [Fact]
    public async Task Operations_All_SayWhatTheyMean()
    {
        var catalogue = await ReadAsync();

        Assert.Distinct(catalogue.Operations.Select(static operation => operation.Id));
        foreach (var operation in catalogue.Operations)
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.Node["summary"]!.GetValue<string>()), operation.Call);
            Assert.False(string.IsNullOrWhiteSpace(operation.Node["description"]!.GetValue<string>()), operation.Call);
            Assert.Single(operation.Node["tags"]!.AsArray());
            Assert.Contains(operation.Statuses, static status => status is >= 200 and < 300);
            foreach (var parameter in operation.Parameters)
            {
                Assert.False(string.IsNullOrWhiteSpace(parameter["description"]!.GetValue<string>()), operation.Call);
                Assert.True(IsBounded(parameter["schema"]!), $"{operation.Call}: {parameter["name"]}");
            }
        }
    }

    [Fact]
    public async Task Operations_All_NameTheErrorsOfTheGatewayAndThoseThatFollowFromTheirKind()
    {
        foreach (var operation in (await ReadAsync()).Operations)
        {
            var takesBody = operation.Example is not null;
            var takesKey = operation.Parameters.Any(static parameter => parameter["name"]!.GetValue<string>() == "Idempotency-Key");
            var needsToken = operation.Node["security"] is not null;
            int[] expected =
            [
                429, 502, 503, 504,
                .. takesBody ? (int[])[400, 413, 415] : [],
                .. takesKey && !_storeNoAnswer.Contains(operation.Id) ? (int[])[422] : [],
                .. needsToken ? (int[])[401] : [],
                .. operation.TakesId ? (int[])[404] : [],
            ];

            Assert.Empty(expected.Except(operation.Statuses).Select(status => $"{operation.Call} {status}"));
        }
    }

    [Fact]
    public async Task Examples_All_HaveTheShapeOfTheirSchemas()
    {
        var examples = 0;
        foreach (var document in (await ReadAsync()).Documents)
        {
            foreach (var holder in Descendants(document.Root).OfType<JsonObject>().Where(static node => node.ContainsKey("schema") && node.ContainsKey("example")))
            {
                var errors = document.Check(holder["example"], holder["schema"]!);
                Assert.True(errors.Count == 0, $"{holder.GetPath()}: {string.Join("; ", errors)}");
                examples++;
            }
        }

        Assert.True(examples > 60, $"Only {examples} examples were found.");
    }

    [Fact]
    public async Task Errors_All_HaveAProblemAsExample()
    {
        foreach (var operation in (await ReadAsync()).Operations)
        {
            foreach (var status in operation.Statuses.Where(static status => status >= 400))
            {
                var problem = operation.Answer(status)["content"]!["application/problem+json"]!["example"]!;
                Assert.Equal(status, problem["status"]!.GetValue<int>());
                Assert.NotEqual("about:blank", problem["type"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Members_OfAllSchemas_AreBoundedAndDescribed()
    {
        foreach (var document in (await ReadAsync()).Documents)
        {
            foreach (var (name, schema) in document.Root["components"]!["schemas"]!.AsObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(schema!["description"]?.GetValue<string>()), name);
                foreach (var (member, value) in schema["properties"]!.AsObject())
                {
                    Assert.False(string.IsNullOrWhiteSpace(value!["description"]?.GetValue<string>()), $"{name}.{member}");
                    Assert.True(IsBounded(value), $"{name}.{member}");
                }
            }
        }
    }

    [Fact]
    public async Task Document_AskedForAgain_IsTheSameAndNotSentTwice()
    {
        await using var other = await users.StartReplicaAsync();
        using var client = users.Service.CreateClient();
        using var first = await client.GetAsync("/openapi/users.json", Cancellation);
        using var second = await other.CreateClient().GetAsync("/openapi/users.json", Cancellation);

        Assert.True(first.Headers.CacheControl!.Public);
        Assert.True(first.Headers.CacheControl.MaxAge > TimeSpan.Zero);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(Cancellation), await second.Content.ReadAsStringAsync(Cancellation));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/users.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    private async Task<ApiCatalogue> ReadAsync()
    {
        using var userClient = users.Service.CreateClient();
        using var orderClient = orders.Service.CreateClient();
        return new ApiCatalogue(
        [
            await ApiDocument.ReadAsync(userClient, "users", Cancellation),
            await ApiDocument.ReadAsync(orderClient, "orders", Cancellation),
        ]);
    }

    // A value that somebody who generates a client or a form can hold to.
    private static bool IsBounded(JsonNode schema)
    {
        var types = schema["type"] is JsonArray several ? several.Select(static type => type!.GetValue<string>()).ToArray() : [schema["type"]?.GetValue<string>() ?? "any"];
        return types.Contains("integer") ? schema["minimum"] is not null && schema["maximum"] is not null
            : types.Contains("string") ? schema["maxLength"] is not null || schema["format"] is not null || schema["enum"] is not null
            : types.Contains("array") ? schema["items"] is not null && (schema["minItems"] is not null || schema["maxItems"] is not null)
            : types.Contains("object");
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode? node) => node switch
    {
        JsonObject some => [some, .. some.SelectMany(static member => Descendants(member.Value))],
        JsonArray list => list.SelectMany(Descendants),
        _ => [],
    };
}
