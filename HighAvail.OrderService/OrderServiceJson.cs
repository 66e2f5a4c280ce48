using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.OrderService.Orders;

namespace HighAvail.OrderService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderPage))]
internal sealed partial class OrderServiceJson : JsonSerializerContext;
