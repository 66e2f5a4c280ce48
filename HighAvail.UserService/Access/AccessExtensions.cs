using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

internal static class AccessExtensions
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        services.AddOptions<TokenOptions>().BindConfiguration("Tokens").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordHashingOptions>, PasswordHashingOptionsValidator>();
        services.AddOptions<PasswordHashingOptions>().BindConfiguration("Passwords").ValidateOnStart();
    }
}
