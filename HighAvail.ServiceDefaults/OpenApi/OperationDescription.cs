using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>One call. What follows from its endpoint needs no words here: the token, the key that makes it repeatable, and their errors.</summary>
/// <param name="Call">Method and path, such as <c>GET /orders/{id}</c>.</param>
/// <param name="Id">The name that generated clients give it.</param>
/// <param name="Tag">The group that it is shown in.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Description">What else there is to know, in Markdown.</param>
public sealed record OperationDescription(string Call, string Id, string Tag, string Summary, string Description)
{
    /// <summary>A body, as an object of the type that the endpoint takes, or one that is written the same.</summary>
    public object? Example { get; init; }

    /// <summary>Parameters in the path and the query string, in words, and headers.</summary>
    public IReadOnlyList<OpenApiParameter> Parameters { get; init; } = [];

    /// <summary>What it answers, apart from what nearly every call may be answered.</summary>
    public required IReadOnlyList<AnswerDescription> Answers { get; init; }
}
