using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace HighAvail.ServiceDefaults.Idempotency;

/// <summary>
/// Sends the stored answer to a repetition. It is looked up only when the handler did not succeed: a first request, which is nearly every one,
/// costs no query of its own.
/// </summary>
internal sealed class IdempotencyFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.Arguments.OfType<IdempotentRequest>().Single();
        if (request.Error is { } error)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { [IdempotencyKey.Header] = [error] });
        }

        var result = await next(context);
        if (!request.IsRepeatable || !MayBeRepetition(result))
        {
            return result;
        }

        var services = context.HttpContext.RequestServices;
        return await request.FindAsync(services.GetRequiredService<NpgsqlDataSource>()) switch
        {
            null => result,
            { IsSameRequest: false } => TypedResults.Problem(
                statusCode: StatusCodes.Status422UnprocessableEntity,
                title: "This Idempotency-Key was used for another request. Use a new key for a new request."),
            { Response: var response } => Replayed(services, response),
        };
    }

    // A request that is wrong in itself was wrong the first time, too.
    private static bool MayBeRepetition(object? result) =>
        StatusOf(result) is not (null or (>= 200 and < 300) or StatusCodes.Status400BadRequest);

    private static int? StatusOf(object? result) => result switch
    {
        INestedHttpResult nested => StatusOf(nested.Result),
        IStatusCodeHttpResult status => status.StatusCode,
        _ => null,
    };

    private static StoredResponse Replayed(IServiceProvider services, StoredResponse response)
    {
        services.GetRequiredService<ServiceMetrics>().Replayed();
        return response;
    }
}
