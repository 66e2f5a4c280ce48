using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HighAvail.Dashboard.Access;

/// <summary>Who may see the pages, and who may do something in them: whoever logged in with the token. Everybody may look, if that is switched on.</summary>
internal static class AccessExtensions
{
    private const string DefaultUrl = "http://localhost:18888";

    // Aspire's names of the settings.
    private const string AllowAnonymous = "ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS";
    private const string AuthMode = "Dashboard:Frontend:AuthMode";
    private const string Unsecured = "Unsecured";

    private static readonly TimeSpan _loginLifetime = TimeSpan.FromDays(3);

    internal static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var urls = configuration[WebHostDefaults.ServerUrlsKey] ??= DefaultUrl;
        if (urls.Split(';').All(IsLoopback))
        {
            // A web page can make a browser resolve its own name to this machine (DNS rebinding); the name gives it away.
            configuration["AllowedHosts"] ??= "localhost;127.0.0.1;[::1]";
        }

        var everybodyMayLook = configuration.GetValue<bool>(AllowAnonymous) || configuration[AuthMode] == Unsecured;
        var mayLook = new AuthorizationPolicyBuilder().RequireAssertion(context => everybodyMayLook || context.User.Identity?.IsAuthenticated == true).Build();
        builder.Services.AddSingleton(new BrowserToken(configuration[BrowserToken.Setting]));
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(mayLook);

        // The same keys wherever the program lies, so that a login outlives a new build.
        builder.Services.AddDataProtection().SetApplicationName("HighAvail.Dashboard");
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = ".HighAvail.Dashboard";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = _loginLifetime;
            options.LoginPath = LoginApi.Path;
            options.ReturnUrlParameter = LoginApi.ReturnUrl;
        });
        return builder;
    }

    internal static void UseAccess(this WebApplication app)
    {
        app.Use(RefuseForeignPagesAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        var token = app.Services.GetRequiredService<BrowserToken>();
        if (token.IsGenerated)
        {
            app.Lifetime.ApplicationStarted.Register(() =>
            {
                foreach (var address in app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
                {
                    Console.WriteLine($"Login to the dashboard at {address}/login?t={token.Value}");
                }
            });
        }
    }

    // Pages of other ports on this machine share the cookie: theirs may neither post forms here nor open circuits.
    private static Task RefuseForeignPagesAsync(HttpContext context, RequestDelegate next)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == context.Request.Host.Value))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Only pages of the dashboard itself may ask for this.");
    }

    private static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
