using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace HighAvail.Hosting.Control;

/// <summary>What went wrong, as RFC 9457 has it.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What to tell the person who asked.</param>
/// <param name="Nearest">Names like the one that was not found.</param>
internal sealed record ControlProblem(string Title, int Status, string Detail, IReadOnlyList<string> Nearest)
{
    internal static Task WriteAsync(HttpContext context, int status, string detail, params IReadOnlyList<string> nearest)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new(ReasonPhrases.GetReasonPhrase(status), status, detail, nearest),
            ControlJson.Default.ControlProblem,
            "application/problem+json",
            context.RequestAborted);
    }
}
