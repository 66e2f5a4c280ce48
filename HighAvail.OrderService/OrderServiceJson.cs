using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.OrderService.Events;
using HighAvail.OrderService.Orders;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace HighAvail.OrderService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(OrderChange))]
[JsonSerializable(typeof(FusionCacheDistributedEntry<Order>))]
internal sealed partial class OrderServiceJson : JsonSerializerContext;
