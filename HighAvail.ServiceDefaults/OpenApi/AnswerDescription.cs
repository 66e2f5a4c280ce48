using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>One of the answers to a call.</summary>
/// <param name="Status">The status.</param>
/// <param name="Description">When it is given.</param>
public sealed record AnswerDescription(int Status, string Description)
{
    /// <summary>The body; of an error, the problem's title is enough.</summary>
    public object? Example { get; init; }

    /// <summary>The title of an error; <see langword="null"/>, and it is that of its status.</summary>
    public string? Title { get; init; }

    /// <summary>What an error says about this one case.</summary>
    public string? Detail { get; init; }

    /// <summary>What is wrong, by field, where the request itself is.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Headers that are worth reading: names that <see cref="AnswerHeaders"/> knows.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>200 with a version of something.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="example">The body.</param>
    public static AnswerDescription Entity(string description, object example) =>
        new(StatusCodes.Status200OK, description) { Example = example, Headers = [HeaderNames.ETag] };

    /// <summary>201 with what was made, and where it is.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="example">The body.</param>
    public static AnswerDescription Created(string description, object example) =>
        new(StatusCodes.Status201Created, description) { Example = example, Headers = [HeaderNames.ETag, HeaderNames.Location] };

    /// <summary>204.</summary>
    /// <param name="description">What was done.</param>
    public static AnswerDescription NoContent(string description) => new(StatusCodes.Status204NoContent, description);

    /// <summary>304, to a client that has this version.</summary>
    public static AnswerDescription NotModified { get; } =
        new(StatusCodes.Status304NotModified, "The client has this version: the one of `If-None-Match`.") { Headers = [HeaderNames.ETag] };

    /// <summary>400, by field.</summary>
    /// <param name="field">A field that may be wrong.</param>
    /// <param name="requirement">What is said of it then.</param>
    public static AnswerDescription Invalid(string field, string requirement) =>
        new(StatusCodes.Status400BadRequest, "The request is not what is expected here; `errors` says what is, by field or header.")
        {
            Errors = new Dictionary<string, string[]> { [field] = [requirement] },
        };

    /// <summary>404.</summary>
    /// <param name="what">Such as "order".</param>
    public static AnswerDescription NotFound(string what) => new(StatusCodes.Status404NotFound, $"There is no such {what}, or none that the caller may see.");

    /// <summary>412.</summary>
    /// <param name="title">What the problem is called.</param>
    public static AnswerDescription Stale(string title) =>
        new(StatusCodes.Status412PreconditionFailed, "It was changed meanwhile: `If-Match` has another version. Read it again, and decide anew.") { Title = title };

    /// <summary>503 beside those of the gateway.</summary>
    /// <param name="status">The status.</param>
    /// <param name="title">What the problem is called.</param>
    /// <param name="description">When it is given.</param>
    public static AnswerDescription Error(int status, string title, string description) => new(status, description) { Title = title };
}
