using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace HighAvail.Tests.Api;

/// <summary>Holds every answer against the document: its status, its headers, its type and its body.</summary>
internal sealed class AnswerCheck(ApiCatalogue catalogue)
{
    private readonly ConcurrentDictionary<(string Id, int Status), int> _seen = new();

    /// <summary>Which operations answered with which status.</summary>
    public ICollection<(string Id, int Status)> Seen => _seen.Keys;

    public async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var operation = catalogue.Of(response.RequestMessage!);
        var status = (int)response.StatusCode;
        var what = $"{operation.Call} answered {status}";
        if (!operation.Statuses.Contains(status))
        {
            Assert.Fail($"{what}, which is not documented: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        var answer = operation.Answer(status);

        foreach (var (name, header) in answer["headers"]?.AsObject() ?? [])
        {
            if (!response.Headers.TryGetValues(name, out var values))
            {
                // Only a repetition says that it is one.
                Assert.True(name == "Idempotency-Replayed", $"{what} without {name}.");
                continue;
            }

            var value = Assert.Single(values);
            var schema = operation.Document.Resolve(header!)["schema"]!;
            Assert.Empty(operation.Document.Check(schema["type"]!.GetValue<string>() == "integer" ? JsonValue.Create(long.Parse(value)) : value, schema));
        }

        var content = answer["content"]?.AsObject();
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        if (content is null)
        {
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        else if (mediaType != "text/event-stream")
        {
            Assert.True(mediaType is not null && content.ContainsKey(mediaType), $"{what} as {mediaType}.");
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var errors = operation.Document.Check(body, content[mediaType]!["schema"]!);
            Assert.True(errors.Count == 0, $"{what} with {body?.ToJsonString()}: {string.Join("; ", errors)}");
        }

        _seen.AddOrUpdate((operation.Id, status), 1, static (_, count) => count + 1);
    }
}
