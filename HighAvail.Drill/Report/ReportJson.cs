using System.Text.Json;
using System.Text.Json.Serialization;

namespace HighAvail.Drill.Report;

/// <summary>The report for other programs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DrillReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    internal static string Write(DrillReport report) => JsonSerializer.Serialize(report, Default.DrillReport);
}
