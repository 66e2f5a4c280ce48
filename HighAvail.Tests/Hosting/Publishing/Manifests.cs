using System.Text.Json;
using System.Text.Json.Nodes;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Hosting.Publishing;

namespace HighAvail.Tests.Hosting.Publishing;

/// <summary>Makes manifests of models that are described in a test.</summary>
internal static class Manifests
{
    /// <summary>An app host in the given folder that publishes.</summary>
    internal static DistributedApplicationBuilder Publishing(string folder) => Builder(folder, "--publisher", "manifest");

    internal static DistributedApplicationBuilder Builder(string folder, params string[] args) =>
        new(new DistributedApplicationOptions { ProjectDirectory = folder, Args = args });

    /// <summary>The entry of one resource, in a manifest that lies in the given folder.</summary>
    internal static async Task<JsonNode> OfAsync(IResource resource, string folder)
    {
        using var stream = new MemoryStream();
        await using var writer = new Utf8JsonWriter(stream);
        var context = new ManifestPublishingContext(
            new(DistributedApplicationOperation.Publish), Path.Combine(folder, "manifest.json"), writer, TestContext.Current.CancellationToken);
        writer.WriteStartObject();
        await context.WriteResourceAsync(resource);
        writer.WriteEndObject();
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        return Assert.Single(JsonNode.Parse(stream.ToArray())!.AsObject()).Value!;
    }

    /// <summary>The manifest of a whole model.</summary>
    internal static async Task<JsonObject> OfAsync(DistributedApplicationBuilder builder, string folder)
    {
        var file = await new ManifestPublisher().PublishAsync(
            new(builder.Resources), builder.ExecutionContext, Path.Combine(folder, "manifest.json"), TestContext.Current.CancellationToken);
        return JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["resources"]!.AsObject();
    }

    internal static void AssertJson(string expected, JsonNode? actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToString(), actual?.ToString());

    /// <summary>Writes a project that consists of its launch settings.</summary>
    internal static string Project(string folder, string name, string? applicationUrl)
    {
        var properties = Directory.CreateDirectory(Path.Combine(folder, name, "Properties")).FullName;
        var path = Path.Combine(folder, name, $"{name}.csproj");
        File.WriteAllText(path, "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />");
        var url = applicationUrl is null ? string.Empty : $", \"applicationUrl\": \"{applicationUrl}\"";
        File.WriteAllText(
            Path.Combine(properties, "launchSettings.json"),
            $$"""
            { "profiles": { "it": { "commandName": "Project", "commandLineArgs": "--local"{{url}}, "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" } } } }
            """);
        return path;
    }
}
