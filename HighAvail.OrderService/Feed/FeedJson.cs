using System.Text.Json;
using System.Text.Json.Serialization;

namespace HighAvail.OrderService.Feed;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangePage))]
internal sealed partial class FeedJson : JsonSerializerContext;
