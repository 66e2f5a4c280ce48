namespace HighAvail.Drill.Systems;

/// <summary>How to reach a running host.</summary>
internal sealed record HostFile(int ProcessId, string ControlUrl, string ApiKey);
