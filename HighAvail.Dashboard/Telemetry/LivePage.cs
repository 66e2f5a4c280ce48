using HighAvail.Dashboard.Control;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>A page that shows what is kept, and shows it anew when more has come, unless somebody holds it to read.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly List<ChangeSignal> _watched = [];
    private bool _isLoading;
    private bool _isStale;
    private bool _isDisposed;
    private ITimer? _clock;

    // Where the browser was sent and has not arrived yet: what somebody chooses meanwhile is added to that.
    private string? _target;
    private bool _followsAddress;

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    [Inject]
    internal TimeProvider Time { get; set; } = default!;

    /// <summary>Whether it stays as it is.</summary>
    protected bool IsHeld { get; private set; }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>Ends what the page follows.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _isDisposed = true;
        _clock?.Dispose();
        Navigation.LocationChanged -= OnLocationChanged;
        _watched.ForEach(signal => signal.Changed -= OnChanged);
    }

    /// <summary>Reads what is shown.</summary>
    protected abstract Task LoadAsync();

    /// <summary>Holds the page or lets it go on.</summary>
    protected Task HoldAsync()
    {
        IsHeld = !IsHeld;
        return IsHeld ? Task.CompletedTask : ReloadAsync();
    }

    /// <summary>Reads again and draws; once more if there was news meanwhile.</summary>
    protected async Task ReloadAsync()
    {
        _isStale = true;
        if (_isLoading)
        {
            return;
        }

        _isLoading = true;
        try
        {
            while (_isStale && !_isDisposed)
            {
                _isStale = false;
                await LoadAsync();
                StateHasChanged();
            }
        }
        finally
        {
            _isLoading = false;
        }
    }

    /// <summary>Goes to the same page with other parameters. Going back leaves it, instead of undoing one letter after another.</summary>
    protected void Show(params (string Name, object? Value)[] parameters)
    {
        if (!_followsAddress)
        {
            _followsAddress = true;
            Navigation.LocationChanged += OnLocationChanged;
        }

        _target = Navigation.GetUriWithQueryParameters(
            _target ?? Navigation.Uri,
            parameters.ToDictionary(static parameter => parameter.Name, static parameter => parameter.Value is "" ? null : parameter.Value));
        Navigation.NavigateTo(_target, replace: true);
    }

    /// <summary>The same page with another parameter.</summary>
    protected string UrlWith(string name, string? value) => Navigation.GetUriWithQueryParameters(
        _target ?? Navigation.Uri, new Dictionary<string, object?> { [name] = value });

    internal void Watch(params ReadOnlySpan<ChangeSignal> signals)
    {
        foreach (var signal in signals)
        {
            signal.Changed += OnChanged;
            _watched.Add(signal);
        }
    }

    /// <summary>Shows the page anew every second, because what it shows is time.</summary>
    protected void KeepTime()
    {
        if (RendererInfo.IsInteractive)
        {
            _clock = Time.CreateTimer(_ => OnChanged(), null, _second, _second);
        }
    }

    // It has arrived, or somebody has followed a link instead.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (change.IsNavigationIntercepted || change.Location == _target)
        {
            _target = null;
        }
    }

    private void OnChanged()
    {
        if (!IsHeld)
        {
            _ = InvokeAsync(ReloadAsync);
        }
    }
}
