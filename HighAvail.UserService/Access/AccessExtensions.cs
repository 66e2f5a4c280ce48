using HighAvail.ServiceDefaults.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

internal static class AccessExtensions
{
    public static void AddAccess(this IHostApplicationBuilder builder)
    {
        builder.AddServiceKey();
        builder.AddStartupTask<FirstAdministrator>();
        var services = builder.Services;
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<IPasswordHasher<object>>(static _ => PasswordHashes.CreateHasher());
        services.AddSingleton<PasswordHashes>();
        services.AddHostedService<AccessCleanUp>();
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        services.AddOptions<TokenOptions>().BindConfiguration("Tokens").ValidateOnStart();
        services.AddSingleton<IValidateOptions<LockoutOptions>, LockoutOptionsValidator>();
        services.AddOptions<LockoutOptions>().BindConfiguration("Lockout").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordHashingOptions>, PasswordHashingOptionsValidator>();
        services.AddOptions<PasswordHashingOptions>().BindConfiguration("Passwords").ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdministratorOptions>, AdministratorOptionsValidator>();
        services.AddOptions<AdministratorOptions>().BindConfiguration("Administrator").ValidateOnStart();
    }
}
