using System.Text.Json.Serialization;

namespace HighAvail.Dashboard.Metrics;

/// <summary>A chart's numbers, for who points at it.</summary>
/// <param name="From">Milliseconds since 1970.</param>
/// <param name="Width">Milliseconds.</param>
/// <param name="Unit">What stands behind the values.</param>
/// <param name="Lines">The lines.</param>
internal sealed record ChartData(ulong From, ulong Width, string Unit, IReadOnlyList<ChartDataLine> Lines);

/// <summary>The values of one line; null where there is none.</summary>
internal sealed record ChartDataLine(string Name, IReadOnlyList<double?> Values);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChartData))]
internal sealed partial class ChartJson : JsonSerializerContext;
