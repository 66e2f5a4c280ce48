using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>
/// Answers 503 with <c>Retry-After</c> when the database cannot answer or a write's outcome is unknown, so that whoever asked repeats the
/// request instead of taking it as failed.
/// </summary>
internal sealed class DatabaseExceptionHandler(IProblemDetailsService problems, ServiceMetrics metrics) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!DatabaseErrors.IsUnavailable(exception))
        {
            return ValueTask.FromResult(false);
        }

        if (exception is UnknownOutcomeException)
        {
            metrics.UnknownOutcome();
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "The request could not be completed now. Repeat it.",
            },
        });
    }
}
