using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HighAvail.Dashboard.Access;

/// <summary>Logs a person in: by the link with the token, or by a form for who has only the token.</summary>
internal static class LoginApi
{
    internal const string Path = "/login";
    internal const string ReturnUrl = "returnUrl";

    internal static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, FollowLinkAsync).AllowAnonymous();
        routes.MapPost(Path, SubmitAsync).AllowAnonymous();
    }

    private static Task<Results<RedirectHttpResult, RazorComponentResult<LoginPage>>> FollowLinkAsync(
        HttpContext context, BrowserToken expected, string? t, string? returnUrl) => LogInAsync(context, expected, t, returnUrl);

    private static Task<Results<RedirectHttpResult, RazorComponentResult<LoginPage>>> SubmitAsync(
        HttpContext context, BrowserToken expected, [FromForm(Name = "token")] string? shown, string? returnUrl) => LogInAsync(context, expected, shown ?? string.Empty, returnUrl);

    private static async Task<Results<RedirectHttpResult, RazorComponentResult<LoginPage>>> LogInAsync(
        HttpContext context, BrowserToken expected, string? shown, string? returnUrl)
    {
        if (expected.Matches(shown?.Trim()))
        {
            var person = new ClaimsIdentity([new(ClaimTypes.Name, "Owner of the token")], CookieAuthenticationDefaults.AuthenticationScheme);
            await context.SignInAsync(new(person), new AuthenticationProperties { IsPersistent = true });
        }
        else if (shown is not null || context.User.Identity?.IsAuthenticated != true)
        {
            context.Response.StatusCode = shown is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            return new RazorComponentResult<LoginPage>(new Dictionary<string, object?>
            {
                [nameof(LoginPage.IsWrong)] = shown is not null,
                [nameof(LoginPage.Action)] = Path + QueryString.Create(ReturnUrl, Local(returnUrl)),
            })
            { StatusCode = context.Response.StatusCode };
        }

        return TypedResults.LocalRedirect(Local(returnUrl));
    }

    // Anything else would let a link log somebody in here and then lead them elsewhere.
    private static string Local(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}
