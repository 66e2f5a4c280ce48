namespace HighAvail.Dashboard.Telemetry.Filters;

/// <summary>Conditions in an address.</summary>
internal static class FilterParameters
{
    // More than anybody reads; an address has room for hundreds, each of which would be asked for every row.
    private const int MaxCount = 20;

    /// <summary>Reads them; what is none is passed over.</summary>
    public static List<Filter> Parse(string[]? texts)
    {
        var filters = new List<Filter>();
        foreach (var text in (texts ?? []).Take(MaxCount))
        {
            if (Filter.TryParse(text, out var filter))
            {
                filters.Add(filter);
            }
        }

        return filters;
    }

    public static string[] Write(IEnumerable<Filter> filters) => [.. filters.Select(static filter => filter.ToString())];
}
