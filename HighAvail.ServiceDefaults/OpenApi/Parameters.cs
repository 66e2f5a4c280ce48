using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Parameters that several calls have. One that may be missing has no example: pages on which to try the API would send that.</summary>
public static class Parameters
{
    /// <summary>The header by which a repetition is known.</summary>
    public static OpenApiParameter IdempotencyKey => Header(
        "Idempotency-Key",
        """
        Made up by the client, anew for everything it wants done. A request that is repeated with the same key is done once, and answered the same.
        Without one the gateway makes one up, so that it can repeat the request itself.
        """,
        Values.Text(200, 1, "^[!-~]+$"));

    /// <summary>The version to change.</summary>
    /// <param name="isRequired">Whether the call is refused without it.</param>
    public static OpenApiParameter IfMatch(bool isRequired)
    {
        var header = Header("If-Match", "The `ETag` of the version that is to be changed; `*` is any.", Values.Text(1000));
        header.Required = isRequired;
        header.Example = isRequired ? "\"1\"" : null;
        return header;
    }

    /// <summary>The version that the client has.</summary>
    public static OpenApiParameter IfNoneMatch =>
        Header("If-None-Match", "The `ETag` of the version that the client has. While it is the latest the answer is 304.", Values.Text(1000));

    /// <summary>How long a page is.</summary>
    public static OpenApiParameter Limit => Query("limit", "The most items of the page.", WithDefault(Values.Number(1, 200, "int32"), 50));

    /// <summary>Where a page begins.</summary>
    public static OpenApiParameter After =>
        Query("after", "The `next` of the page before.", Values.Text(22, 22, "^[A-Za-z0-9_-]{22}$"));

    /// <summary>The id in a path.</summary>
    /// <param name="description">Whose.</param>
    public static OpenApiParameter Id(string description) =>
        new() { Name = "id", In = ParameterLocation.Path, Required = true, Description = description, Schema = Values.Id() };

    /// <summary>A part of the query string; it may be missing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="schema">What it may be.</param>
    public static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    /// <summary>A header; it may be missing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="schema">What it may be.</param>
    public static OpenApiParameter Header(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = schema };

    private static OpenApiSchema WithDefault(OpenApiSchema schema, JsonNode value)
    {
        schema.Default = value;
        return schema;
    }
}
