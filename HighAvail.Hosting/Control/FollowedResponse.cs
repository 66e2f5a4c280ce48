using Microsoft.AspNetCore.Http;

namespace HighAvail.Hosting.Control;

/// <summary>A response without an end of its own: it ends, properly, when the client leaves or the host stops.</summary>
internal static class FollowedResponse
{
    internal static async Task RunAsync(HttpContext context, Func<CancellationToken, Task> write, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await write(ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // Nobody reads on, or there is nothing more to come.
        }
    }
}
