using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Adds what belongs to the document as a whole: its title, how to sign in, and what operations refer to.</summary>
internal sealed class DescribeDocument(ApiDescription api, IOptions<JsonOptions> json) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = api.Title, Description = api.Description, Version = "1" };
        // Wherever the document was read from: behind another name or port it is still right.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = api.Tags.ToHashSet();

        var missing = api.Operations.Select(static operation => operation.Id)
            .Except(document.Paths.Values.SelectMany(static path => path.Operations!.Values).Select(static operation => operation.OperationId))
            .ToArray();
        if (missing.Length > 0)
        {
            throw new InvalidOperationException($"There is no endpoint for {string.Join(", ", missing)}.");
        }

        // In the order in which they are told of, not in that of the endpoints.
        var order = api.Operations.Select(static (operation, place) => (operation.Id, place)).ToDictionary();
        var paths = document.Paths.OrderBy(path => path.Value.Operations!.Values.Min(operation => order[operation.OperationId!])).ToArray();
        document.Paths = [];
        foreach (var (path, item) in paths)
        {
            document.Paths.Add(path, item);
        }

        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [DescribeOperation.Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = DescribeOperation.Bearer,
                BearerFormat = "JWT",
                Description = "The `accessToken` of `POST /auth/login`, valid for five minutes.",
            },
        };
        components.Headers = AnswerHeaders.All.ToDictionary(static header => header.Key, static IOpenApiHeader (header) => header.Value);
        components.Responses = CommonAnswers.All.ToDictionary(
            static answer => CommonAnswers.NameOf(answer.Status),
            IOpenApiResponse (answer) => DescribeOperation.ResponseOf(answer, known: null, isIdempotent: false, document, json.Value.SerializerOptions));

        // Those that the framework derives from its own types say less.
        var schemas = components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        schemas.Remove("ProblemDetails");
        schemas.Remove("HttpValidationProblemDetails");
        foreach (var (name, schema) in CommonAnswers.Schemas())
        {
            schemas[name] = schema;
        }

        return Task.CompletedTask;
    }
}
