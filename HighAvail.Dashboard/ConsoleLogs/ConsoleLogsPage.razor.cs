using System.Globalization;
using HighAvail.Dashboard.Control;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace HighAvail.Dashboard.ConsoleLogs;

/// <summary>What programs print, as they print it.</summary>
public sealed partial class ConsoleLogsPage
{
    // Fast enough to look live, and slow enough that a program which prints without end leaves time for everything else.
    private static readonly TimeSpan _redrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConsoleBuffer _buffer = new();
    private readonly List<LogLine> _held = [];
    private ConsoleFeed? _feed;
    private Virtualize<LogLine>? _view;
    private string? _followed;
    private bool _isPaused;
    private bool _showsTime = true;

    /// <summary>The resource or replica; all if none is named.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>What lines must contain.</summary>
    [SupplyParameterFromQuery]
    public string? Filter { get; set; }

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    private bool ShowsReplica => Name is null || Host.Find(Name) is { HasReplicas: true } resource && resource.Name == Name;

    // Nothing is missing without a word.
    private string Summary =>
        $"{Number(_buffer.Lines.Count)} lines{(_buffer.Filter is null ? null : $" of {Number(_buffer.Total)}")}" +
        (_buffer.Dropped > 0 ? $", {Number(_buffer.Dropped)} older ones dropped" : null) +
        (_buffer.Skipped > 0 ? $", {Number(_buffer.Skipped)} skipped because they were printed faster than they could be read" : null);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var isFiltered = _buffer.Filter != (string.IsNullOrEmpty(Filter) ? null : Filter);
        if (isFiltered)
        {
            _buffer.Filter = Filter;
        }

        // Prerendering is over at once: nothing is followed for it.
        if (RendererInfo.IsInteractive && (_feed is null || _followed != Name))
        {
            _feed?.Dispose();
            _buffer.Clear();
            _held.Clear();
            (_feed, _followed) = (new(Host, Name), Name);
            _ = ShowAsync(_feed);
            isFiltered = true;
        }

        if (isFiltered)
        {
            await RefreshAsync();
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _feed?.Dispose();
        _feed = null;
        base.Dispose(disposing);
    }

    // Colours as far apart as possible for names that differ in one digit.
    private static int HueOf(string replica)
    {
        var hash = 0;
        foreach (var c in replica)
        {
            hash = unchecked((hash * 31) + c);
        }

        return (int)((uint)hash * 137 % 360);
    }

    private async Task ShowAsync(ConsoleFeed feed)
    {
        var batch = new List<LogLine>();
        while (await feed.Lines.WaitToReadAsync())
        {
            batch.Clear();
            while (feed.Lines.TryRead(out var line))
            {
                batch.Add(line);
            }

            if (!ReferenceEquals(feed, _feed))
            {
                return;
            }

            if (_isPaused)
            {
                Hold(batch);
                StateHasChanged();
            }
            else
            {
                _buffer.Add(batch);
                await RefreshAsync();
            }

            await Task.Delay(_redrawInterval);
        }
    }

    private void Hold(List<LogLine> lines)
    {
        _held.AddRange(lines);
        var surplus = ConsoleBuffer.Surplus(_held, _held.Sum(static line => line.Text.Length));
        if (surplus > 0)
        {
            _buffer.Drop(_held[..surplus]);
            _held.RemoveRange(0, surplus);
        }
    }

    private ValueTask<ItemsProviderResult<LogLine>> ProvideAsync(ItemsProviderRequest request)
    {
        var lines = _buffer.Lines;
        var start = Math.Min(request.StartIndex, lines.Count);
        var count = Math.Min(request.Count, lines.Count - start);
        return ValueTask.FromResult(new ItemsProviderResult<LogLine>([.. Enumerable.Range(start, count).Select(i => lines[i])], lines.Count));
    }

    private async Task RefreshAsync()
    {
        if (_view is not null)
        {
            await _view.RefreshDataAsync();
        }

        StateHasChanged();
    }

    // By hand: the template would write line breaks between the pieces.
    private static RenderFragment TextOf(LogLine line) => builder =>
    {
        foreach (var segment in AnsiText.Parse(line.Text))
        {
            if (segment is { Class: null, Style: null })
            {
                builder.AddContent(0, segment.Text);
                continue;
            }

            builder.OpenElement(1, "span");
            builder.AddAttribute(2, "class", segment.Class);
            builder.AddAttribute(3, "style", segment.Style);
            builder.AddContent(4, segment.Text);
            builder.CloseElement();
        }
    };

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private void Select(ChangeEventArgs change) => Navigation.NavigateTo(Navigation.ToAbsoluteUri(
        change.Value is string { Length: > 0 } name ? $"consolelogs/resource/{Uri.EscapeDataString(name)}" : "consolelogs").ToString());

    private void ChangeFilter(string? text) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("filter", string.IsNullOrEmpty(text) ? null : text), replace: true);

    private async Task TogglePauseAsync()
    {
        _isPaused = !_isPaused;
        if (!_isPaused)
        {
            _buffer.Add(_held);
            _held.Clear();
            await RefreshAsync();
        }
    }

    private async Task ClearAsync()
    {
        _buffer.Clear();
        _held.Clear();
        await RefreshAsync();
    }
}
