using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>A successful answer as it is stored beside what it tells of, and sent: made once, the same bytes for every repetition.</summary>
public sealed class StoredResponse : IResult, IStatusCodeHttpResult
{
    internal StoredResponse(int statusCode, string? location, string? entityTag, byte[] body, bool isReplay)
    {
        (StatusCode, Location, EntityTag, Body, IsReplay) = (statusCode, location, entityTag, body, isReplay);
    }

    /// <summary>The status, 2xx.</summary>
    public int StatusCode { get; }

    /// <inheritdoc/>
    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    internal string? Location { get; }

    internal string? EntityTag { get; }

    internal byte[] Body { get; }

    internal bool IsReplay { get; }

    /// <summary>201 with the created entity.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="location">Where it is.</param>
    /// <param name="version">Its version, for the entity tag.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <returns>The answer, not sent yet.</returns>
    public static StoredResponse Created<T>(string location, long version, T entity, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status201Created, location, Tag(version), JsonSerializer.SerializeToUtf8Bytes(entity, type), isReplay: false);

    /// <summary>200 with the changed entity.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="version">Its version, for the entity tag.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="type">How it is written as JSON.</param>
    /// <returns>The answer, not sent yet.</returns>
    public static StoredResponse Ok<T>(long version, T entity, JsonTypeInfo<T> type) =>
        new(StatusCodes.Status200OK, location: null, Tag(version), JsonSerializer.SerializeToUtf8Bytes(entity, type), isReplay: false);

    /// <summary>204.</summary>
    /// <returns>The answer, not sent yet.</returns>
    public static StoredResponse NoContent() => new(StatusCodes.Status204NoContent, location: null, entityTag: null, [], isReplay: false);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = StatusCode;
        response.Headers.Location = Location;
        response.Headers.ETag = EntityTag;
        if (IsReplay)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        if (Body.Length > 0)
        {
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }

    private static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
