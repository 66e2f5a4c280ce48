using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Hosting.Control;

/// <summary>Lets in only who has the key, and answers every failure as problem+json.</summary>
internal sealed class ControlGate(string apiKey)
{
    internal const string KeyHeader = "X-Api-Key";

    private readonly byte[] _keyHash = Hash(apiKey);

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // A web page can make a browser resolve its own name to this address (DNS rebinding); the name gives it away.
        if (context.Request.Host.Host is not ("localhost" or "127.0.0.1"))
        {
            await ControlProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "The Host header must be localhost or 127.0.0.1.").ConfigureAwait(false);
            return;
        }

        // Hashes, because comparing in constant time needs equal lengths.
        if (!CryptographicOperations.FixedTimeEquals(Hash(context.Request.Headers[KeyHeader].ToString()), _keyHash))
        {
            await ControlProblem.WriteAsync(
                context, StatusCodes.Status401Unauthorized, $"The header {KeyHeader} must hold the apiKey from host.json in the state folder.").ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
        if (context.Response is { HasStarted: false, StatusCode: >= 400 and var status, ContentType: null })
        {
            await ControlProblem.WriteAsync(context, status, $"{context.Request.Method} {context.Request.Path} is not offered here.").ConfigureAwait(false);
        }
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
