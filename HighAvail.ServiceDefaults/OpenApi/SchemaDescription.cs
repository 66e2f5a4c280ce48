using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>What is sent or answered: the meaning and the bounds of its members.</summary>
/// <param name="Type">The type that is written as JSON.</param>
/// <param name="Description">What it is.</param>
public sealed record SchemaDescription(Type Type, string Description)
{
    /// <summary>Its members by the names that they have in JSON. One that is no simple value keeps the schema it has.</summary>
    public required IReadOnlyDictionary<string, OpenApiSchema> Members { get; init; }

    /// <summary>Those that may be missing. None is <c>null</c> where it is not said to be.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Whether it is sent by clients: other members than these are refused then.</summary>
    public bool IsRequest { get; init; }
}
