using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>The header by which a repeated request is known.</summary>
public static class IdempotencyKey
{
    /// <summary>Its name.</summary>
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 200;

    /// <summary>What is required of it, for whoever sent something else.</summary>
    public static string Requirement { get; } = $"One key of 1 to {MaxLength} visible ASCII characters is required.";

    /// <summary>Reads the key of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key, or <see langword="null"/> where none was sent.</param>
    /// <returns>Whether what was sent is a key, or nothing was.</returns>
    internal static bool TryRead(HttpRequest request, out string? key)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = request.Headers[Header];
        key = headers.Count == 1 ? headers[0] : null;
        return headers.Count == 0 || IsKey(key);
    }

    /// <summary>Reads the key of a request to which no answer is stored; what is wrong with it is added to what is wrong with the rest.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errors">What is wrong with the request, by field.</param>
    /// <returns>The key, or <see langword="null"/> where none was sent.</returns>
    public static string? Read(HttpRequest request, IDictionary<string, string[]> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (!TryRead(request, out var key))
        {
            errors[Header] = [Requirement];
        }

        return key;
    }

    private static bool IsKey(string? value) =>
        value is { Length: >= 1 and <= MaxLength } && value.All(static character => character is > ' ' and <= '~');
}
