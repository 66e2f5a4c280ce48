using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Hosting.Control;

/// <summary>Writes a stream of events as the HTML standard describes it.</summary>
internal static class ServerSentEvents
{
    internal static Task BeginAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <param name="context">The request.</param>
    /// <param name="name">The type of the event.</param>
    /// <param name="json">Its data, on one line.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    internal static async Task WriteAsync(HttpContext context, string name, byte[] json, CancellationToken cancellationToken)
    {
        var writer = context.Response.BodyWriter;
        Encoding.UTF8.GetBytes($"event: {name}\ndata: ", writer);
        writer.Write(json);
        writer.Write("\n\n"u8);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
