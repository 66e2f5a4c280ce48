using System.Text.Json;

namespace HighAvail.Dashboard.Control;

/// <summary>How to reach the running host, as <c>host.json</c> in its state folder says it.</summary>
internal sealed record HostFile(Uri ControlUrl, string ApiKey)
{
    /// <summary>The setting that says where the file is.</summary>
    internal const string Setting = "HighAvail:HostFile";

    /// <summary>What the file says, or <see langword="null"/> when there is none that can be understood: the host does not run, or just starts.</summary>
    internal static HostFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ControlJson.Default.HostFile) is { ControlUrl.IsAbsoluteUri: true, ApiKey.Length: > 0 } file ? file : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
