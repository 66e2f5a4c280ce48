using HighAvail.ServiceDefaults.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace HighAvail.UserService.Keys;

/// <summary>Words for <see cref="KeysApi"/>.</summary>
internal static class KeysApiDescriptions
{
    private static readonly PublicKey _key = new(
        "EC", "sig", "ES256", "01a20ce0b51f74fea41ef58877efe8b2", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

    public static IReadOnlyList<OperationDescription> Operations =>
    [
        new(
            "GET /.well-known/openid-configuration",
            "getConfiguration",
            UserServiceApi.AccessTag,
            "Who issues tokens",
            "For verifiers of tokens: the issuer, and where its keys are (OpenID Connect Discovery 1.0).")
        {
            Answers =
            [
                Cacheable("The issuer.", new ProviderMetadata(
                    "https://localhost:7443", "https://localhost:7443/.well-known/jwks.json", ["token"], ["public"], ["ES256"])),
            ],
        },
        new(
            "GET /.well-known/jwks.json",
            "getKeys",
            UserServiceApi.AccessTag,
            "The keys of tokens",
            "For verifiers of tokens: the keys that may have signed one that is valid, and the next one (RFC 7517).")
        {
            Answers = [Cacheable("The keys.", new PublicKeySet([_key]))],
        },
    ];

    public static IReadOnlyList<SchemaDescription> Schemas =>
    [
        new(typeof(ProviderMetadata), "What a verifier of tokens has to know of their issuer.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["issuer"] = Values.Text(1000, 1).Meaning("The `iss` of tokens."),
                ["jwks_uri"] = Values.Text(1000, 1).Meaning("Where the keys are."),
                ["response_types_supported"] = Words("What is issued."),
                ["subject_types_supported"] = Words("Subjects are the same for everybody."),
                ["id_token_signing_alg_values_supported"] = Words("How tokens are signed."),
            },
        },
        new(typeof(PublicKeySet), "A JSON Web Key Set (RFC 7517).")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["keys"] = new() { Type = JsonSchemaType.Array, MinItems = 1, Description = "The keys." },
            },
        },
        new(typeof(PublicKey), "A JSON Web Key: the public half of a key on the curve P-256.")
        {
            Members = new Dictionary<string, OpenApiSchema>
            {
                ["kty"] = Values.Word("EC").Meaning("Its kind."),
                ["use"] = Values.Word("sig").Meaning("What it is for."),
                ["alg"] = Values.Word("ES256").Meaning("How it signs."),
                ["kid"] = Values.Text(100, 1).Meaning("Its id, which tokens name."),
                ["crv"] = Values.Word("P-256").Meaning("Its curve."),
                ["x"] = Values.Text(43, 43).Meaning("Its point."),
                ["y"] = Values.Text(43, 43).Meaning("Its point."),
            },
        },
    ];

    private static AnswerDescription Cacheable(string description, object example) =>
        new(StatusCodes.Status200OK, description) { Example = example, Headers = [HeaderNames.CacheControl] };

    private static OpenApiSchema Words(string description) =>
        new() { Type = JsonSchemaType.Array, MinItems = 1, Items = new OpenApiSchema { Type = JsonSchemaType.String }, Description = description };
}
