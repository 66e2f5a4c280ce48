using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>A document as it is sent: generated when it is asked for the first time, so that a start costs nothing, and then the same bytes.</summary>
internal sealed class PublishedDocument(string name, IServiceProvider services)
{
    // All replicas of a build write the same.
    private const string Cacheable = "public, max-age=60";

    private readonly Lazy<Task<(byte[] Body, EntityTagHeaderValue Tag)>> _document = new(() => GenerateAsync(name, services));

    public string Name => name;

    public async Task WriteAsync(HttpContext context)
    {
        var (body, tag) = await _document.Value;
        context.Response.Headers.CacheControl = Cacheable;
        await TypedResults.Bytes(body, "application/json", entityTag: tag).ExecuteAsync(context);
    }

    private static async Task<(byte[] Body, EntityTagHeaderValue Tag)> GenerateAsync(string name, IServiceProvider services)
    {
        // Whoever asked first may have left; others wait for it, too.
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(CancellationToken.None);
        var body = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None));
        return (body, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\""));
    }
}
