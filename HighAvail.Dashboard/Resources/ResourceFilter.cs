namespace HighAvail.Dashboard.Resources;

/// <summary>Which lines are shown. A list that is empty excludes nothing.</summary>
/// <param name="Search">Part of a name, type, state, source or address, in whatever case.</param>
/// <param name="Types">The types.</param>
/// <param name="States">The states.</param>
/// <param name="Healths">The healths; <see cref="NoHealth"/> for none.</param>
internal sealed record ResourceFilter(string? Search, IReadOnlyList<string> Types, IReadOnlyList<string> States, IReadOnlyList<string> Healths)
{
    internal const string NoHealth = "None";

    internal bool Includes(ResourceRow row) =>
        IsAmong(row.Resource.Type, Types) && IsAmong(row.State, States) && IsAmong(row.Health ?? NoHealth, Healths) && IsFound(row);

    private static bool IsAmong(string value, IReadOnlyList<string> wanted) => wanted.Count == 0 || wanted.Contains(value);

    private bool IsFound(ResourceRow row) => string.IsNullOrWhiteSpace(Search) ||
        new[] { row.Name, row.Resource.Type, row.State, row.Health, row.Resource.Source }
            .Concat(row.Addresses.Select(a => a.Url))
            .Any(text => text?.Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase) == true);
}
