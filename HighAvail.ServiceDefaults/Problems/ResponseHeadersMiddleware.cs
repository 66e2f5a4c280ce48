using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>
/// Puts the trace id on every response. While draining it also ends the connection after the response (HTTP/1.1: <c>Connection: close</c>,
/// HTTP/2: GOAWAY), so that clients that keep connections move to another replica before this one is gone.
/// </summary>
internal sealed class ResponseHeadersMiddleware(RequestDelegate next, DrainSignal drain)
{
    public Task InvokeAsync(HttpContext context)
    {
        // When the response starts, because the exception handler clears what was set before.
        context.Response.OnStarting(static state =>
        {
            var (self, context) = ((ResponseHeadersMiddleware, HttpContext))state;
            self.SetHeaders(context);
            return Task.CompletedTask;
        }, (this, context));
        return next(context);
    }

    private void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-Trace-Id"] = context.GetTraceId();
        if (drain.IsDraining)
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            if (HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                headers.Connection = "close";
            }
        }
    }
}
