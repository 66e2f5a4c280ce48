using System.Text.Json;
using System.Text.Json.Nodes;
using HighAvail.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Answers that nearly every call may be given. Each is in a document once and referred to.</summary>
internal static class CommonAnswers
{
    /// <summary>The trace id of examples: that of the W3C's recommendation.</summary>
    public const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public const string Problem = "Problem";
    public const string ValidationProblem = "ValidationProblem";

    public static AnswerDescription Unauthorized { get; } =
        new(StatusCodes.Status401Unauthorized, "There is no access token, or none that is valid now.") { Headers = [HeaderNames.WWWAuthenticate] };

    public static AnswerDescription Forbidden { get; } = new(StatusCodes.Status403Forbidden, "Only administrators may do this.");

    public static AnswerDescription TooLarge { get; } =
        new(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {RequestBodyLimitMiddleware.MaxBytes / 1024} KB.");

    public static AnswerDescription NotJson { get; } = new(StatusCodes.Status415UnsupportedMediaType, "The body is not `application/json`.");

    public static AnswerDescription KeyOfAnother { get; } = new(StatusCodes.Status422UnprocessableEntity, "The `Idempotency-Key` was used for another request.")
    {
        Title = "This Idempotency-Key was used for another request. Use a new key for a new request.",
    };

    /// <summary>What the gateway answers itself, and 503 of the services.</summary>
    public static IReadOnlyList<AnswerDescription> OfTheGateway { get; } =
    [
        new(StatusCodes.Status429TooManyRequests, "More requests than this client is granted. Nothing was done.") { Headers = [HeaderNames.RetryAfter] },
        new(StatusCodes.Status502BadGateway, "The connection to the service broke, several times.")
        {
            Detail = "The connection to 'orders' broke before the answer. Repeat the request with the same Idempotency-Key: it is done once, whether it was done already or not.",
        },
        new(StatusCodes.Status503ServiceUnavailable, "The request could not be completed now. Repeat it, with the same key.")
        {
            Title = "The request could not be completed now. Repeat it.", Headers = [HeaderNames.RetryAfter],
        },
        new(StatusCodes.Status504GatewayTimeout, "The service did not answer in time.")
        {
            Detail = "'orders' did not answer in time. Repeat the request with the same Idempotency-Key: it is done once, whether it was done already or not.",
        },
    ];

    public static IEnumerable<AnswerDescription> All => [Unauthorized, Forbidden, TooLarge, NotJson, KeyOfAnother, .. OfTheGateway];

    /// <summary>The name of an answer in a document.</summary>
    public static string NameOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status413PayloadTooLarge => "TooLarge",
        StatusCodes.Status415UnsupportedMediaType => "NotJson",
        StatusCodes.Status422UnprocessableEntity => "KeyOfAnother",
        StatusCodes.Status429TooManyRequests => "TooManyRequests",
        StatusCodes.Status502BadGateway => "ConnectionLost",
        StatusCodes.Status503ServiceUnavailable => "Unavailable",
        _ => "Late",
    };

    /// <summary>The problem document of an error, written as the service writes it.</summary>
    public static JsonNode ExampleOf(AnswerDescription answer, JsonSerializerOptions json)
    {
        var problem = answer.Errors is { } errors
            ? TypedResults.ValidationProblem(errors.ToDictionary()).ProblemDetails
            : TypedResults.Problem(statusCode: answer.Status, title: answer.Title, detail: answer.Detail).ProblemDetails;
        ProblemsExtensions.Complete(problem, TraceId);
        return JsonSerializer.SerializeToNode(problem, json.GetTypeInfo(problem.GetType()))!;
    }

    /// <summary>The shape of all problem documents (RFC 9457).</summary>
    public static IEnumerable<(string Name, OpenApiSchema Schema)> Schemas()
    {
        yield return (Problem, ProblemSchema("Why a request was not done (RFC 9457)."));

        var invalid = ProblemSchema("What is wrong with a request, by field.");
        invalid.Properties!["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What is required, by the path of the member (`lines[0].sku`), or the name of the parameter or header.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, Items = Values.Text(500) },
        };
        yield return (ValidationProblem, invalid);
    }

    private static OpenApiSchema ProblemSchema(string description) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = new HashSet<string> { "type", "title", "status", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference", Description = "What kind of problem it is." },
            ["title"] = Values.Text(200, 1).Meaning("The same for each problem of this kind."),
            ["status"] = Values.Number(400, 599, "int32").Meaning("The status of the answer."),
            ["detail"] = Values.Text(1000).Meaning("What to say about this one."),
            ["traceId"] = Values.Text(100, 1).Meaning("The id under which the request is found in traces and logs; the same as the header `X-Trace-Id`."),
        },
        AdditionalPropertiesAllowed = false,
    };
}
