using HighAvail.ServiceDefaults.Draining;
using Microsoft.AspNetCore.Http;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>
/// Puts the trace id on every response; while draining, also <c>Connection: close</c>, which ends an HTTP/1.1 connection after the response
/// and makes the server send GOAWAY on HTTP/2, so that clients move to another replica before this one is gone.
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
            headers.Connection = "close";
        }
    }
}
