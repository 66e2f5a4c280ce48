using System.Text.Json.Serialization;
using HighAvail.ServiceDefaults.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
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
        builder.Services.AddExceptionHandler<BadRequestHandler>();

        builder.Services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            // "1" is not 1, and of two members with one name nobody knows which counts.
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.AllowDuplicateProperties = false;
        });

        // Otherwise the answer to malformed input would be the bare status, except in Development: only the exception knows what is wrong.
        builder.Services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);

        builder.Services.Configure<KestrelServerOptions>(static options =>
        {
            options.AddServerHeader = false;
            // RequestBodyLimitMiddleware is the limit.
            options.Limits.MaxRequestBodySize = null;
            // Beyond a hundred, requests would wait in the client for a stream to end, where no time-out and no limit of ours sees them.
            options.Limits.Http2.MaxStreamsPerConnection = 1000;
        });
    }

    /// <summary>What every problem document has beside what is said of the problem.</summary>
    public static void Complete(ProblemDetails problem, string traceId)
    {
        problem.Extensions["traceId"] = traceId;
        problem.Type ??= TypeOf(problem.Status);
    }

    private static void Customize(ProblemDetailsContext context)
    {
        Complete(context.ProblemDetails, context.HttpContext.GetTraceId());
        var response = context.HttpContext.Response;
        if (response.StatusCode == StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            // Replicas and databases come back within a second or two.
            response.Headers.RetryAfter = "1";
        }
    }

    // The framework knows the types of most statuses.
    private static string TypeOf(int? status) => status switch
    {
        StatusCodes.Status410Gone => "https://tools.ietf.org/html/rfc9110#section-15.5.11",
        StatusCodes.Status428PreconditionRequired => "https://tools.ietf.org/html/rfc6585#section-3",
        StatusCodes.Status429TooManyRequests => "https://tools.ietf.org/html/rfc6585#section-4",
        _ => "about:blank",
    };
}
