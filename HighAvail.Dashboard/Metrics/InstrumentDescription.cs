using HighAvail.Dashboard.Telemetry;

namespace HighAvail.Dashboard.Metrics;

/// <summary>What an instrument measures.</summary>
/// <param name="Resource">Where it is.</param>
/// <param name="Meter">The library that made it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">For people.</param>
/// <param name="Unit">In UCUM, such as <c>s</c>, <c>By</c> or <c>{request}</c>.</param>
/// <param name="Kind">What its numbers mean.</param>
internal sealed record InstrumentDescription(
    TelemetryResource Resource, string Meter, string Name, string Description, string Unit, InstrumentKind Kind);
