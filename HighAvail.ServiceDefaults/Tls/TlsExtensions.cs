using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Tls;

/// <summary>The certificate that a service shows, and the authorities it trusts.</summary>
internal static class TlsExtensions
{
    public static void AddTls(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TrustedAuthorities>();
        if (builder is WebApplicationBuilder web)
        {
            // A slim builder leaves HTTPS out; for any other this changes nothing.
            web.WebHost.UseKestrelHttpsConfiguration();
        }

        var section = builder.Configuration.GetSection("Kestrel:Certificates:Default");
        if (section["Path"] is { Length: > 0 } path && section["KeyPath"] is { Length: > 0 } keyPath)
        {
            builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<ServerCertificate>(
                services, new CertificateFiles(path, keyPath, section["Password"])));
            builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ConfigureServerCertificate>();
        }
    }

    private sealed class ConfigureServerCertificate(ServerCertificate certificate) : IConfigureOptions<KestrelServerOptions>
    {
        public void Configure(KestrelServerOptions options) => options.ConfigureHttpsDefaults(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            // Having a selector makes Kestrel ignore the certificate that it loaded itself from the same section, once, at start.
            https.ServerCertificateSelector = (_, _) => certificate.Current.TargetCertificate;
            // A context instead of the bare certificate: its chain is built once, not at every handshake, and sessions can be resumed.
            https.OnAuthenticate = (_, ssl) =>
            {
                ssl.ServerCertificateSelectionCallback = null;
                ssl.ServerCertificateContext = certificate.Current;
            };
        });
    }
}
