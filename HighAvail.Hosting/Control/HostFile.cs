using System.Text.Json;

namespace HighAvail.Hosting.Control;

/// <summary>How to reach the running host, as <c>host.json</c> says it. Whoever can read the file can control the host.</summary>
/// <param name="ProcessId">The host's process.</param>
/// <param name="ControlUrl">The address of the control API.</param>
/// <param name="ApiKey">What every request must carry as <c>X-Api-Key</c>.</param>
/// <param name="DashboardUrl">The login link of the web page that shows the system, if there is one.</param>
internal sealed record HostFile(int ProcessId, string ControlUrl, string ApiKey, string? DashboardUrl)
{
    /// <summary>What the file says, or <see langword="null"/> when there is none, or none that can be understood.</summary>
    /// <exception cref="DistributedApplicationException">It is another user's.</exception>
    internal static HostFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ControlJson.Default.HostFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DistributedApplicationException($"{path} is another user's, who started the host. Ask as that user.", exception);
        }
    }
}
