using Microsoft.AspNetCore.Components;

namespace HighAvail.Dashboard.Control;

/// <summary>A page or part of one that shows the host's resources: it is drawn again when they change.</summary>
public abstract class HostPage : ComponentBase, IDisposable
{
    [Inject]
    internal HostConnection Host { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override void OnInitialized() => Host.Changed += Redraw;

    /// <summary>Ends what the page follows.</summary>
    protected virtual void Dispose(bool disposing) => Host.Changed -= Redraw;

    /// <summary>Draws again, from whatever thread.</summary>
    protected void Redraw() => _ = InvokeAsync(StateHasChanged);
}
