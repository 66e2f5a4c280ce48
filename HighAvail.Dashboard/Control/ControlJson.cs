using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HighAvail.Dashboard.Control;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(List<Resource>))]
[JsonSerializable(typeof(List<ProcessSample>))]
[JsonSerializable(typeof(HostEvent))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(CommandAnswer))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ControlJson : JsonSerializerContext
{
}

/// <summary>What the host says about a command: of a failure in the detail of its problem+json.</summary>
internal sealed record CommandAnswer(string? Message, string? Detail);
