using HighAvail.ServiceDefaults.Access;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Keys;

internal static class KeysExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.AddStartupTask<LoadSigningKeys>();
        builder.Services.AddHostedService<RotateSigningKeys>();
        builder.Services.AddSingleton<IValidateOptions<SigningKeyOptions>, SigningKeyOptionsValidator>();
        builder.Services.AddOptions<SigningKeyOptions>().BindConfiguration("SigningKeys").ValidateOnStart();
        builder.Services.AddSingleton<SigningKeyStore>();
        builder.Services.AddSingleton<ISigningKeySource>(static services => services.GetRequiredService<SigningKeyStore>());
    }
}
