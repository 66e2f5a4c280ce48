using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>
/// Answers a request that cannot be read. Of malformed JSON it says where, in numbers alone: names and values are the client's, and may be
/// a person's, and answers end up in logs.
/// </summary>
internal sealed class BadRequestHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = bad.StatusCode;
        return problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails { Status = bad.StatusCode, Detail = DetailOf(bad.InnerException) },
        });
    }

    // Both are counted from zero there.
    private static string? DetailOf(Exception? cause) => cause is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
        ? string.Create(CultureInfo.InvariantCulture, $"The body is not the JSON that is expected here, at line {line + 1}, byte {position + 1}.")
        : null;
}
