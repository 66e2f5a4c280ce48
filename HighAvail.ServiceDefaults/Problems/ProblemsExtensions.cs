using System.Text.Json.Serialization;
using HighAvail.ServiceDefaults.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.ServiceDefaults.Problems;

/// <summary>Every failure is a problem document (RFC 9457), and input is read strictly.</summary>
internal static class ProblemsExtensions
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(static options => options.CustomizeProblemDetails = Customize);
        builder.Services.AddSingleton<IProblemDetailsWriter, AnyAcceptProblemWriter>();
        builder.Services.AddExceptionHandler<DatabaseExceptionHandler>();

        builder.Services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            // "1" is not 1, and of two members with one name nobody knows which counts.
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.AllowDuplicateProperties = false;
        });

        // Malformed input answers the same in Development as everywhere else, where it would be thrown by default.
        builder.Services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = false);
        builder.Services.Configure<ExceptionHandlerOptions>(static options => options.StatusCodeSelector = SelectStatusCode);

        builder.Services.Configure<KestrelServerOptions>(static options =>
        {
            options.AddServerHeader = false;
            // RequestBodyLimitMiddleware is the limit.
            options.Limits.MaxRequestBodySize = null;
        });
    }

    private static int SelectStatusCode(Exception exception) =>
        exception is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static void Customize(ProblemDetailsContext context)
    {
        context.ProblemDetails.Extensions["traceId"] = context.HttpContext.GetTraceId();
        var response = context.HttpContext.Response;
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            // Replicas and databases come back within a second or two.
            response.Headers.RetryAfter = "1";
        }
    }
}
