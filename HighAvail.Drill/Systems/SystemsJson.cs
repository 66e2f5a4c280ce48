using System.Text.Json;
using System.Text.Json.Serialization;

namespace HighAvail.Drill.Systems;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(List<ResourceView>))]
[JsonSerializable(typeof(ProblemView))]
internal sealed partial class SystemsJson : JsonSerializerContext;
