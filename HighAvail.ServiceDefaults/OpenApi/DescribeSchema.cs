using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Adds to what is known of a type what its description says.</summary>
internal sealed class DescribeSchema(ApiDescription api) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is null
            && api.Schemas.SingleOrDefault(description => description.Type == context.JsonTypeInfo.Type) is { } described)
        {
            Describe(schema, described);
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiSchema schema, SchemaDescription described)
    {
        var properties = schema.Properties ?? throw new InvalidOperationException($"'{described.Type}' is no object.");
        if (!properties.Keys.ToHashSet().SetEquals(described.Members.Keys))
        {
            throw new InvalidOperationException(
                $"'{described.Type}' has the members {string.Join(", ", properties.Keys)}; described are {string.Join(", ", described.Members.Keys)}.");
        }

        schema.Type = JsonSchemaType.Object;
        schema.Description = described.Description;
        schema.AdditionalPropertiesAllowed = !described.IsRequest;
        schema.Required = described.Members.Keys.Except(described.Optional).ToHashSet();
        foreach (var (name, member) in described.Members)
        {
            // What a list holds is described with its own type.
            member.Items ??= properties[name].Items;
            properties[name] = member;
        }
    }
}
