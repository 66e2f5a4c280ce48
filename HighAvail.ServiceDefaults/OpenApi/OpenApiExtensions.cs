using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>The OpenAPI document of a service.</summary>
public static class OpenApiExtensions
{
    /// <summary>Adds a document, which <see cref="ServiceDefaultsExtensions.MapDefaultEndpoints"/> publishes as <c>/openapi/{name}.json</c>.</summary>
    /// <param name="builder">The builder of a service.</param>
    /// <param name="name">The name of the document: by which the gateway knows it, too.</param>
    /// <param name="describe">Describes the API; called when the document is asked for.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddApiDocument(this IHostApplicationBuilder builder, string name, Func<ApiDescription> describe)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(services => new PublishedDocument(name, services));
        builder.Services.AddOpenApi(name);
        builder.Services.AddOptions<Microsoft.AspNetCore.OpenApi.OpenApiOptions>(name).Configure<IOptions<JsonOptions>>((options, json) =>
        {
            var api = describe();
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddSchemaTransformer(new DescribeSchema(api));
            options.AddOperationTransformer(new DescribeOperation(api, json));
            options.AddDocumentTransformer(new DescribeDocument(api, json));
        });
        return builder;
    }

    /// <summary>Maps <c>/openapi/{name}.json</c>, if there is a document: OpenAPI 3.1, generated once, cacheable.</summary>
    internal static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<PublishedDocument>() is { } document)
        {
            routes.MapGet($"/openapi/{document.Name}.json", document.WriteAsync);
        }
    }
}
