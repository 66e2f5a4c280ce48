using System.Text.Json.Nodes;
using HighAvail.Hosting.Networking;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>Garnet, which has neither scripts nor streams. Its library is run, not its tool command, which would not pass signals on.</summary>
internal sealed class GarnetProgram(string library, SystemUser? runAs) : IRedisProgram
{
    public SystemUser? RunAs => runAs;

    public string FileName { get; } = Path.Combine(BuildOutput.DotNetRoot, BinaryLocator.FileName("dotnet"));

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(NativeTool.Environment)
    {
        // One of several processes on a small machine: a heap per core would cost memory and bring a cache of this size nothing.
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_NOLOGO"] = "true",
    };

    public IReadOnlyList<string> Arguments(string configurationFile, int port) =>
        [library, "--config-import-path", configurationFile, "--port", $"{port}"];

    public string CreateConfiguration(string dataDirectory, string? password) => new JsonObject
    {
        ["Address"] = LoopbackAddresses.HasIPv6 ? "127.0.0.1 ::1" : "127.0.0.1",
        ["AuthenticationMode"] = password is null ? "NoAuth" : "Password",
        ["Password"] = password,

        // Every command goes to the log at once, as with Redis: a killed server loses nothing. A checkpoint ends a log that grows too long.
        ["EnableAOF"] = true,
        ["CommitFrequencyMs"] = 0,
        ["AofSizeLimit"] = "64m",
        ["Recover"] = true,
        ["CheckpointDir"] = dataDirectory,

        // The native device, which is the default on Linux, ends the whole server where libaio is not installed.
        ["DeviceType"] = "RandomAccess",

        // The defaults are for a machine of its own: 16 GB and 128 MB.
        ["MemorySize"] = "256m",
        ["PageSize"] = "4m",
        ["IndexSize"] = "16m",
        ["AofMemorySize"] = "32m",
        ["AofPageSize"] = "8m",
        ["QuietMode"] = true,
    }.ToJsonString();
}
