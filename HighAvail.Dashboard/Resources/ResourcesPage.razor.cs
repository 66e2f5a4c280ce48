using HighAvail.Dashboard.Control;
using HighAvail.Dashboard.Shell;
using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Resources;

/// <summary>All resources as they are, and what can be done with them.</summary>
public sealed partial class ResourcesPage
{
    private readonly HashSet<string> _collapsed = [];
    private IReadOnlyList<ResourceRow> _visible = [];
    private IDisposable? _measuring;
    private bool _isAllowed;

    /// <summary>The resource or replica whose details are shown.</summary>
    [SupplyParameterFromQuery(Name = "resource")]
    public string? ResourceName { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery]
    public string? Search { get; set; }

    /// <summary>The types that are shown; all if none is named.</summary>
    [SupplyParameterFromQuery(Name = "type")]
    public string[]? Types { get; set; }

    /// <summary>The states that are shown; all if none is named.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    public string[]? States { get; set; }

    /// <summary>The healths that are shown; all if none is named.</summary>
    [SupplyParameterFromQuery(Name = "health")]
    public string[]? Healths { get; set; }

    /// <summary>The column by which resources are sorted, and replicas in each, with a hyphen for the opposite order; as the app host has them if none is named.</summary>
    [SupplyParameterFromQuery(Name = SortHeader.Parameter)]
    public string? Sort { get; set; }

    [Inject]
    internal ProcessUsage Usage { get; set; } = default!;

    [Inject]
    internal CommandRuns Runs { get; set; } = default!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    [Inject]
    internal TimeProvider Time { get; set; } = default!;

    private Resource? Selected => ResourceName is null ? null : Host.Find(ResourceName);

    private int FilterCount => (Types?.Length ?? 0) + (States?.Length ?? 0) + (Healths?.Length ?? 0);

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _isAllowed = await Runs.IsAllowedAsync();
        if (RendererInfo.IsInteractive)
        {
            _measuring = Usage.Watch(Redraw);
        }
    }

    /// <inheritdoc />
    protected override bool ShouldRender()
    {
        UpdateRows();
        return true;
    }

    /// <inheritdoc />
    protected override void OnParametersSet() => UpdateRows();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _measuring?.Dispose();
        base.Dispose(disposing);
    }

    private void UpdateRows() => _visible =
        [.. ResourceRow.Visible(Sorted(ResourceRow.Of(Host.Resources)), new(Search, Types ?? [], States ?? [], Healths ?? []), _collapsed)];

    private IEnumerable<ResourceRow> Sorted(IEnumerable<ResourceRow> rows)
    {
        if (string.IsNullOrEmpty(Sort))
        {
            return rows;
        }

        // What has no value is last in either order.
        var known = rows.Select(r => r with { Children = [.. Sorted(r.Children)] }).OrderBy(r => ValueOf(r) is null);
        return Sort.StartsWith('-') ? known.ThenByDescending(ValueOf) : known.ThenBy(ValueOf);
    }

    private IComparable? ValueOf(ResourceRow row) => Sort?.TrimStart('-') switch
    {
        "name" => row.Name,
        "state" => row.State,
        "started" => row.StartedAt,
        "cpu" => CpuOf(row),
        "memory" => MemoryOf(row),
        _ => null,
    };

    private IEnumerable<string> All(Func<ResourceRow, string> value)
    {
        var rows = ResourceRow.Of(Host.Resources);
        return rows.Concat(rows.SelectMany(r => r.Children)).Select(value).Distinct().Order(StringComparer.Ordinal);
    }

    private bool IsCollapsed(ResourceRow row) => _collapsed.Contains(row.Name);

    private void Toggle(ResourceRow row)
    {
        if (!_collapsed.Remove(row.Name))
        {
            _collapsed.Add(row.Name);
        }
    }

    private double? CpuOf(ResourceRow row)
    {
        var known = row.Replicas.Select(r => Usage.Current.TryGetValue(r.Name, out var usage) ? usage.Cpu : null).Where(cpu => cpu is not null).ToArray();
        return known.Length > 0 ? known.Sum() : null;
    }

    private long? MemoryOf(ResourceRow row)
    {
        var known = row.Replicas.Where(r => r.ProcessId is not null && Usage.Current.ContainsKey(r.Name)).Select(r => Usage.Current[r.Name].MemoryBytes).ToArray();
        return known.Length > 0 ? known.Sum() : null;
    }

    private string UrlOf(string? resource) => Navigation.GetUriWithQueryParameter("resource", resource);

    private void ShowAll() => Navigate(string.Empty, [], [], []);

    // What is not given stays. Views can be linked to, and going back leaves the page instead of undoing one letter after another.
    private void Navigate(string? search = null, string[]? types = null, string[]? states = null, string[]? healths = null) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["search"] = (search ?? Search) is { Length: > 0 } text ? text : null,
            ["type"] = types ?? Types ?? [],
            ["state"] = states ?? States ?? [],
            ["health"] = healths ?? Healths ?? [],
        }),
        replace: true);
}
