using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>The headers of answers. Each is in a document once and referred to.</summary>
public static class AnswerHeaders
{
    /// <summary>The name of the trace id's header.</summary>
    public const string TraceId = "X-Trace-Id";

    /// <summary>The name of the header that marks a repetition.</summary>
    public const string Replayed = "Idempotency-Replayed";

    internal static IReadOnlyDictionary<string, OpenApiHeader> All => new Dictionary<string, OpenApiHeader>
    {
        [TraceId] = Header("The id under which the request is found in traces and logs.", Values.Text(32, pattern: "^[0-9a-f]{32}$"), CommonAnswers.TraceId),
        [Replayed] = Header("`true`: the request was done before, and this is what was answered then.", new() { Type = JsonSchemaType.String, Enum = ["true"] }, "true"),
        [HeaderNames.ETag] = Header("The version, for `If-Match` and `If-None-Match`.", Values.Text(22, pattern: "^\"[0-9]{1,19}\"$"), "\"1\""),
        [HeaderNames.Location] = Header("The path of what was made.", new() { Type = JsonSchemaType.String, Format = "uri-reference" }, "/orders/01a20ce0-bae5-7287-912b-581f4b069795"),
        [HeaderNames.RetryAfter] = Header("Seconds after which to repeat the request.", Values.Number(1, 86_400, "int32"), 1),
        [HeaderNames.WWWAuthenticate] = Header("What is missing: a token, or a valid one.", new() { Type = JsonSchemaType.String }, "Bearer"),
        [HeaderNames.CacheControl] = Header("How long it may be kept.", new() { Type = JsonSchemaType.String }, "public, max-age=30"),
    };

    private static OpenApiHeader Header(string description, OpenApiSchema schema, System.Text.Json.Nodes.JsonNode example) =>
        new() { Description = description, Schema = schema, Example = example };
}
