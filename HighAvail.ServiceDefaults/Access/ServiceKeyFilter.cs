using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>Lets only the system's own services in.</summary>
internal sealed class ServiceKeyFilter(IOptions<ServiceKeyOptions> options) : IEndpointFilter
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.ServiceKey!);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var shown = Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[ServiceKeyExtensions.Header].ToString());
        if (CryptographicOperations.FixedTimeEquals(shown, _key))
        {
            return next(context);
        }

        context.HttpContext.Response.Headers.WWWAuthenticate = ServiceKeyExtensions.Header;
        return ValueTask.FromResult<object?>(TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized));
    }
}
