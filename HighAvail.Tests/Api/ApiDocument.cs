using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace HighAvail.Tests.Api;

/// <summary>The OpenAPI document of a service.</summary>
internal sealed class ApiDocument
{
    private readonly JsonObject _root;

    private ApiDocument(string text)
    {
        Text = text;
        _root = JsonNode.Parse(text)!.AsObject();
        Operations =
        [
            .. _root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(
                operation => new ApiOperation(this, operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()))),
        ];
    }

    public string Text { get; }

    public JsonObject Root => _root;

    public IReadOnlyList<ApiOperation> Operations { get; }

    public static async Task<ApiDocument> ReadAsync(HttpClient client, string name, CancellationToken cancellationToken) =>
        new(await client.GetStringAsync(new Uri($"/openapi/{name}.json", UriKind.Relative), cancellationToken));

    /// <summary>The object itself, or the one that it refers to.</summary>
    public JsonNode Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference)
        {
            return node;
        }

        JsonNode found = _root;
        foreach (var part in reference.Split('/').Skip(1))
        {
            found = found[part] ?? throw new InvalidOperationException($"There is no {reference}.");
        }

        return found;
    }

    /// <summary>What is wrong with a value that should have the shape of a schema; nothing, and it has.</summary>
    public IReadOnlyList<string> Check(JsonNode? value, JsonNode schema)
    {
        // On its own the schema still refers to others, in the place where JSON Schema has them.
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _root["components"]!["schemas"]!.DeepClone();
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        var results = JsonSchema.FromText(text).Evaluate(
            JsonSerializer.SerializeToElement(value), new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return results.IsValid
            ? []
            : [.. (results.Details ?? []).SelectMany(static detail => detail.Errors ?? [], static (detail, error) => $"{detail.InstanceLocation}: {error.Value}")];
    }
}
