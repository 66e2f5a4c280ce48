using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>
/// Writes the problem also for a client that accepts something else only, such as an event stream: a problem document says more than
/// the bare status, and RFC 9110 (section 12.5.1) leaves that to the server. It comes after the framework's writer, which refuses in that case.
/// </summary>
internal sealed class AnyAcceptProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        context.HttpContext.Request.Headers.Accept = "application/problem+json";
        return context.HttpContext.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(context);
    }
}
