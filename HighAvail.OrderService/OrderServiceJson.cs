using System.Text.Json;
using System.Text.Json.Serialization;
using HighAvail.OrderService.Orders;
using Microsoft.AspNetCore.Http.Json;

namespace HighAvail.OrderService;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderPage))]
internal sealed partial class OrderServiceJson : JsonSerializerContext
{
    public static void Configure(JsonOptions json)
    {
        json.SerializerOptions.TypeInfoResolverChain.Insert(0, Default);
        // "1" is not 1, and of two members with one name nobody knows which counts.
        json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        json.SerializerOptions.AllowDuplicateProperties = false;
    }
}
