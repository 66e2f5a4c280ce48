namespace HighAvail.Dashboard.Telemetry;

/// <summary>The colours of services and lines, which the style sheet has by number.</summary>
internal static class Palette
{
    public const int Count = 10;
}
