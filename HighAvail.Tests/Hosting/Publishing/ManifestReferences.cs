using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HighAvail.Tests.Hosting.Publishing;

/// <summary>Follows every <c>{…}</c> of a manifest, as a deployment tool does.</summary>
internal static partial class ManifestReferences
{
    /// <summary>The references that lead nowhere.</summary>
    internal static List<string> Unresolved(JsonObject resources) =>
        [.. Texts(resources).SelectMany(t => Reference().Matches(t)).Select(m => m.Groups["path"].Value).Distinct().Where(p => !Resolves(resources, p))];

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Texts(m.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    private static bool Resolves(JsonObject resources, string path)
    {
        var parts = path.Split('.');
        if (resources[parts[0]] is not JsonObject resource)
        {
            return false;
        }

        return parts[1..] switch
        {
            ["value"] => resource["value"] is JsonValue,
            ["connectionString"] => resource["connectionString"] is JsonValue,
            ["inputs", var input] => resource["inputs"]?[input] is JsonObject,

            // The deployment tool knows host and port; the rest is in the manifest or has a default.
            ["bindings", var binding, "host" or "port" or "scheme" or "url" or "targetPort" or "tlsEnabled"] => resource["bindings"]?[binding] is JsonObject,
            _ => false,
        };
    }

    [GeneratedRegex(@"\{(?<path>[^{}]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
