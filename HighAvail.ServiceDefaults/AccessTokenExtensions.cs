using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the verification of access tokens.</summary>
public static class AccessTokenExtensions
{
    /// <summary>
    /// Adds bearer authentication with this system's access tokens (JWT, ES256), and the policy <see cref="AccessPolicies.Admin"/>.
    /// The service registers its <see cref="ISigningKeySource"/> itself and calls <c>UseAuthentication</c> and <c>UseAuthorization</c>.
    /// </summary>
    /// <param name="builder">The builder of the service.</param>
    /// <returns>The same builder.</returns>
    public static IHostApplicationBuilder AddAccessTokens(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>());
        builder.Services.AddOptions<AccessOptions>().BindConfiguration("Access").ValidateOnStart();
        builder.Services.AddSingleton<UnknownKeyRetry>();
        builder.Services.AddSingleton<VerifiedTokens>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, ConfigureAccessTokens>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(AccessPolicies.Admin, static policy => policy.RequireRole(AccessClaims.AdminRole));
        return builder;
    }
}
