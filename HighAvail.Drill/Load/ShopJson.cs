using System.Text.Json;
using System.Text.Json.Serialization;

namespace HighAvail.Drill.Load;

internal sealed record RegisterBody(string Email, string Password, string DisplayName);

internal sealed record LoginBody(string Email, string Password);

internal sealed record TokenAnswer(string AccessToken, int ExpiresIn);

internal sealed record UserAnswer(Guid Id);

internal sealed record PlaceBody(string Currency, IReadOnlyList<LineBody> Lines);

internal sealed record LineBody(string Sku, long Quantity, long UnitPrice);

/// <summary>An order as the API shows it.</summary>
internal sealed record OrderAnswer(
    Guid Id, Guid CustomerId, string Status, string Currency, IReadOnlyList<LineBody> Lines, long Total, long Version);

internal sealed record PageAnswer(IReadOnlyList<OrderAnswer> Items, string? Next = null);

internal sealed record ProblemAnswer(string? Title = null, string? Detail = null);

/// <summary>What the client reads and writes of the public API: as a program that somebody else wrote would.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(PlaceBody))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(PageAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(List<LineBody>))]
internal sealed partial class ShopJson : JsonSerializerContext;
