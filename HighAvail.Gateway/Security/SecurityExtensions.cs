using System.Net;
using HighAvail.ServiceDefaults.Health;
using HighAvail.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Security;

/// <summary>What protects clients and services from each other: HTTPS, headers, limits of what is read, and whose word counts.</summary>
internal static class SecurityExtensions
{
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SecurityOptions>, SecurityOptionsValidator>());
        builder.Services.AddOptions<SecurityOptions>().BindConfiguration("Security").ValidateOnStart();
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<SecurityOptions>>(static (forwarded, security) =>
        {
            // The scheme, too: a proxy that ends TLS comes with plain HTTP. Every other header that claims something is replaced on the way to the
            // services anyway.
            forwarded.ForwardedHeaders = security.Value.TrustedProxies.Length > 0
                ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                : ForwardedHeaders.None;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in security.Value.TrustedProxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                {
                    forwarded.KnownProxies.Add(address);
                }
                else
                {
                    forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
                }
            }
        });

        builder.Services.Configure<SamplingOptions>(static sampling => sampling.FollowsCaller = false);
        builder.Services.Configure<HttpsRedirectionOptions>(static options =>
            // 308, not 307: it may be remembered, and like 307 it keeps method and body.
            options.RedirectStatusCode = StatusCodes.Status308PermanentRedirect);
        builder.Services.Configure<KestrelServerOptions>(static options =>
        {
            // Headers fit into one packet: whoever takes longer holds connections on purpose.
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // Far below the services' 100, because some are added here. There, what is too much ends a connection that other requests share.
            options.Limits.MaxRequestHeaderCount = 64;
            options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
    }

    /// <summary>
    /// Where the request really came from, plain HTTP sent to HTTPS (except the probes, which come without knowing the public port), and what
    /// browsers are told.
    /// </summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseWhen(static context => !HealthPaths.IsProbe(context.Request.Path), static branch => branch.UseHttpsRedirection());
    }
}
