using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Values with their bounds.</summary>
public static class Values
{
    /// <summary>A text.</summary>
    /// <param name="maxLength">The most characters.</param>
    /// <param name="minLength">The fewest characters.</param>
    /// <param name="pattern">What it looks like (ECMA-262).</param>
    /// <param name="format">What it is, as OpenAPI calls it.</param>
    public static OpenApiSchema Text(int maxLength, int minLength = 0, string? pattern = null, string? format = null) =>
        new() { Type = JsonSchemaType.String, MaxLength = maxLength, MinLength = minLength > 0 ? minLength : null, Pattern = pattern, Format = format };

    /// <summary>A whole number.</summary>
    /// <param name="minimum">The least.</param>
    /// <param name="maximum">The greatest.</param>
    /// <param name="format">The type that holds it: <c>int32</c> or <c>int64</c>.</param>
    public static OpenApiSchema Number(long minimum, long maximum, string format) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = format,
        Minimum = minimum.ToString(CultureInfo.InvariantCulture),
        Maximum = maximum.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>One of a few words.</summary>
    /// <param name="words">The words.</param>
    public static OpenApiSchema Word(params IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(static word => (JsonNode)word)] };

    /// <summary>An id, UUID version 7.</summary>
    public static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, Format = "uuid" };

    /// <summary>A point in time, UTC.</summary>
    public static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    /// <summary>The <c>next</c> of a page.</summary>
    public static OpenApiSchema Next() => new()
    {
        Type = JsonSchemaType.String | JsonSchemaType.Null,
        MaxLength = 22,
        MinLength = 22,
        Pattern = "^[A-Za-z0-9_-]{22}$",
        Description = "What to ask for with `after` to get the next page; `null` on the last.",
    };

    /// <summary>The same with words.</summary>
    /// <param name="schema">The value.</param>
    /// <param name="description">What it means.</param>
    public static OpenApiSchema Meaning(this OpenApiSchema schema, string description)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema.Description = description;
        return schema;
    }
}
