namespace HighAvail.Dashboard.Telemetry.Filters;

/// <summary>How a property is compared.</summary>
public enum FilterOperator
{
    Is,
    IsNot,
    Contains,
    ContainsNot,
    Greater,
    Less,
}
