using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HighAvail.Hosting.Control;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(ControlProblem))]
[JsonSerializable(typeof(List<ResourceView>))]
[JsonSerializable(typeof(ResourceView))]
[JsonSerializable(typeof(List<ProcessView>))]
[JsonSerializable(typeof(LogEntry))]
[JsonSerializable(typeof(IReadOnlyList<ControlEvent>))]
[JsonSerializable(typeof(ControlEvent))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ControlJson : JsonSerializerContext
{
}
