using System.Text.Json;
using System.Text.Json.Nodes;

namespace HighAvail.Drill.Systems;

/// <summary>The folder in which a host keeps its state: how to reach it, its authority, its generated passwords.</summary>
internal sealed record StateFolder(string Path)
{
    internal string AuthorityFile => System.IO.Path.Combine(Path, "pki", "ca.crt");

    private string HostFile => System.IO.Path.Combine(Path, "host.json");

    private string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");

    /// <summary>How to reach the host that uses this folder, or <see langword="null"/> while there is none.</summary>
    internal HostFile? ReadHost()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(HostFile), SystemsJson.Default.HostFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DrillException($"{HostFile} is another user's, who started the system. Run the drill as that user.", exception);
        }
    }

    /// <summary>The addresses of a service's ready replicas.</summary>
    internal IReadOnlyList<Uri> ReadReplicas(string service)
    {
        var file = System.IO.Path.Combine(Path, "run", "discovery", "services.json");
        return JsonNode.Parse(File.ReadAllText(file))?["services"]?[service]?["https"] is JsonArray { Count: > 0 } addresses
            ? [.. addresses.Select(static address => new Uri(address!.GetValue<string>()))]
            : throw new DrillException($"{file} names no replica of '{service}'.");
    }

    /// <summary>A generated parameter of the app host, such as <c>postgres-password</c>.</summary>
    internal string ReadSecret(string parameter)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(SecretsFile))?[$"Parameters:{parameter}"]?.GetValue<string>()
                ?? throw new DrillException($"{SecretsFile} does not hold '{parameter}'.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new DrillException($"'{parameter}' cannot be read from {SecretsFile}: {exception.Message}", exception);
        }
    }
}
