using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using HighAvail.ServiceDefaults.Idempotency;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace HighAvail.ServiceDefaults.OpenApi;

/// <summary>Adds to what is known of an endpoint what its description says, and what follows from its policies.</summary>
internal sealed partial class DescribeOperation(ApiDescription api, IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public const string Bearer = "bearer";

    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    private readonly JsonSerializerOptions _json = json.Value.SerializerOptions;

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var call = $"{context.Description.HttpMethod} /{WithoutConstraints(context.Description.RelativePath!).Trim('/')}";
        var described = api.Operations.SingleOrDefault(description => description.Call == call)
            ?? throw new InvalidOperationException($"'{call}' is not described.");

        operation.OperationId = described.Id;
        operation.Summary = described.Summary;
        operation.Description = described.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(described.Tag, document) };

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var policies = metadata.OfType<IAuthorizeData>().ToArray();
        if (policies.Length > 0)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        }

        var isIdempotent = metadata.OfType<MethodInfo>().Any(static handler =>
            handler.GetParameters().Any(static parameter => parameter.ParameterType == typeof(IdempotentRequest)));
        Describe(operation, described, isIdempotent);

        var answers = described.Answers.Concat(CommonAnswersOf(operation, policies, isIdempotent));
        var types = operation.Responses ?? [];
        operation.Responses = [];
        foreach (var answer in answers.DistinctBy(static answer => answer.Status).OrderBy(static answer => answer.Status))
        {
            operation.Responses[$"{answer.Status}"] = CommonAnswers.All.Contains(answer)
                ? new OpenApiResponseReference(CommonAnswers.NameOf(answer.Status), document)
                : ResponseOf(answer, types.GetValueOrDefault($"{answer.Status}"), isIdempotent, document, _json);
        }

        return Task.CompletedTask;
    }

    /// <summary>An answer with its body, an example of it, and its headers.</summary>
    public static OpenApiResponse ResponseOf(
        AnswerDescription answer, IOpenApiResponse? known, bool isIdempotent, OpenApiDocument document, JsonSerializerOptions json)
    {
        var response = new OpenApiResponse { Description = answer.Description, Headers = new Dictionary<string, IOpenApiHeader>() };
        string[] replayed = isIdempotent && answer.Status is >= 200 and < 300 ? [AnswerHeaders.Replayed] : [];
        foreach (var header in (IEnumerable<string>)[.. answer.Headers, .. replayed, AnswerHeaders.TraceId])
        {
            response.Headers[header] = new OpenApiHeaderReference(header, document);
        }

        if (answer.Status >= 400)
        {
            var schema = answer.Errors is null ? CommonAnswers.Problem : CommonAnswers.ValidationProblem;
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemJson] = new() { Schema = new OpenApiSchemaReference(schema, document), Example = CommonAnswers.ExampleOf(answer, json) },
            };
        }
        else if (answer.Example is { } example)
        {
            response.Content = known?.Content is { Count: > 0 } content
                ? content
                : throw new InvalidOperationException($"The endpoint that answers {answer.Status} ('{answer.Description}') does not say what it answers.");
            foreach (var media in content.Values)
            {
                media.Example = JsonSerializer.SerializeToNode(example, json.GetTypeInfo(example.GetType()));
            }
        }

        return response;
    }

    private void Describe(OpenApiOperation operation, OperationDescription described, bool isIdempotent)
    {
        var known = operation.Parameters ?? [];
        IEnumerable<OpenApiParameter> parameters = [.. described.Parameters, .. isIdempotent ? (OpenApiParameter[])[Parameters.IdempotencyKey] : []];
        if (known.FirstOrDefault(parameter => !parameters.Any(other => other.Name == parameter.Name && other.In == parameter.In)) is { } undescribed)
        {
            throw new InvalidOperationException($"The parameter '{undescribed.Name}' of '{described.Call}' is not described.");
        }

        operation.Parameters = [.. parameters];
        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } body)
        {
            body.Required = true;
            operation.RequestBody = body;
            content[Json].Example = JsonSerializer.SerializeToNode(described.Example, _json.GetTypeInfo(described.Example!.GetType()));
        }
    }

    private static string WithoutConstraints(string path) => Constraint().Replace(path, "}");

    [GeneratedRegex(":[^}]+}")]
    private static partial Regex Constraint();

    private static IEnumerable<AnswerDescription> CommonAnswersOf(OpenApiOperation operation, IAuthorizeData[] policies, bool isIdempotent)
    {
        if (policies.Length > 0)
        {
            yield return CommonAnswers.Unauthorized;
        }

        if (policies.Any(static policy => policy.Policy is not null))
        {
            yield return CommonAnswers.Forbidden;
        }

        if (operation.RequestBody is not null)
        {
            yield return CommonAnswers.TooLarge;
            yield return CommonAnswers.NotJson;
        }

        if (isIdempotent)
        {
            yield return CommonAnswers.KeyOfAnother;
        }

        foreach (var answer in CommonAnswers.OfTheGateway)
        {
            yield return answer;
        }
    }
}
