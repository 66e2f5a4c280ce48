namespace HighAvail.Tests.Api;

/// <summary>All that the public may call.</summary>
internal sealed class ApiCatalogue(IReadOnlyList<ApiDocument> documents)
{
    public IReadOnlyList<ApiDocument> Documents => documents;

    public IReadOnlyList<ApiOperation> Operations { get; } = [.. documents.SelectMany(static document => document.Operations)];

    public static async Task<ApiCatalogue> ReadAsync(HttpClient client, CancellationToken cancellationToken) => new(
    [
        await ApiDocument.ReadAsync(client, "users", cancellationToken),
        await ApiDocument.ReadAsync(client, "orders", cancellationToken),
    ]);

    public ApiOperation this[string id] => Operations.Single(operation => operation.Id == id);

    /// <summary>The operation that a request is for: of several that match, the one with the fewest variable parts.</summary>
    public ApiOperation Of(HttpRequestMessage request) =>
        Operations.Where(operation => operation.Matches(request)).OrderBy(static operation => operation.Path.Count(static c => c == '{')).FirstOrDefault()
        ?? throw new InvalidOperationException($"{request.Method} {request.RequestUri} is in no document.");
}
