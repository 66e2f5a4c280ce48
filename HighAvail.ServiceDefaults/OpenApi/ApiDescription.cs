using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>
/// The public API of a service in words and examples: what its code does not say. Paths, parameters, bodies and types of answers come from the
/// endpoints; whatever is described here but is no endpoint, or the other way round, is an error.
/// </summary>
/// <param name="Title">The name of the API.</param>
/// <param name="Description">What it is for, in Markdown.</param>
public sealed record ApiDescription(string Title, string Description)
{
    /// <summary>The groups that operations are shown in, each with a sentence.</summary>
    public required IReadOnlyList<OpenApiTag> Tags { get; init; }

    /// <summary>All operations.</summary>
    public required IReadOnlyList<OperationDescription> Operations { get; init; }

    /// <summary>What is sent and answered.</summary>
    public required IReadOnlyList<SchemaDescription> Schemas { get; init; }
}
