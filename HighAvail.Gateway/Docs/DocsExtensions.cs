using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace HighAvail.Gateway.Docs;

/// <summary>The page on which the API can be read and tried (Scalar), at <c>/docs</c>.</summary>
internal static class DocsExtensions
{
    private const string Path = "/docs";
    private const string SignInScript = Path + "/sign-in.js";

    public static void MapDocs(this WebApplication app)
    {
        app.MapGet(SignInScript, static (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Stream(typeof(DocsExtensions).Assembly.GetManifestResourceStream("sign-in.js")!, "text/javascript");
        });
        app.MapScalarApiReference(Path, static (options, context) =>
        {
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            context.Response.Headers.ContentSecurityPolicy = Policy(nonce);
            options.WithNonce(nonce)
                .WithTitle("HighAvail API")
                .AddDocument("users", "Users", "/openapi/users.json", isDefault: true)
                .AddDocument("orders", "Orders", "/openapi/orders.json")
                .AddPreferredSecuritySchemes("bearer")
                .WithJavaScriptConfiguration(SignInScript);
            // None, and it is not asked for.
            options.Favicon = "data:,";
            // Nothing that would leave this host, and nothing that advertises.
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.HideClientButton = true;
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
        });
    }

    /// <summary>
    /// Scripts: the page's own, by nonce, and what they import from here. No evaluation of text. Styles: Scalar sets them at run time, on elements and in
    /// elements of its own, which no nonce reaches. Images: small ones in its style sheet. Requests: only to this host.
    /// </summary>
    private static string Policy(string nonce) =>
        "default-src 'none'; "
        + $"script-src 'self' 'nonce-{nonce}'; "
        + "style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
