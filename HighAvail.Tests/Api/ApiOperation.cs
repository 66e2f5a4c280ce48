using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HighAvail.Tests.Api;

/// <summary>One call as a document describes it.</summary>
internal sealed record ApiOperation(ApiDocument Document, string Method, string Path, JsonObject Node)
{
    private readonly Regex _path = new($"^{Regex.Replace(Path, @"\\?\{[a-z]+\\?\}", "[^/]+")}$");

    public string Call => $"{Method} {Path}";

    public string Id => Node["operationId"]!.GetValue<string>();

    public bool TakesId => Path.Contains("{id}", StringComparison.Ordinal);

    public IEnumerable<int> Statuses => Node["responses"]!.AsObject().Select(static response => int.Parse(response.Key));

    public IEnumerable<JsonNode> Parameters => Node["parameters"]?.AsArray().Select(static parameter => parameter!) ?? [];

    /// <summary>The body of the request's example.</summary>
    public JsonObject? Example => Node["requestBody"]?["content"]!["application/json"]!["example"]!.DeepClone().AsObject();

    /// <summary>An answer, wherever in the document it stands.</summary>
    public JsonNode Answer(int status) => Document.Resolve(Node["responses"]![$"{status}"]!);

    public bool Matches(HttpRequestMessage request) => request.Method.Method == Method && _path.IsMatch(request.RequestUri!.AbsolutePath);

    public override string ToString() => Call;
}
