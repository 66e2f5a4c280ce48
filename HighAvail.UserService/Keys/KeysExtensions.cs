using HighAvail.ServiceDefaults.Access;

namespace HighAvail.UserService.Keys;

internal static class KeysExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.AddStartupTask<LoadSigningKeys>();
        builder.Services.AddSingleton<SigningKeyStore>();
        builder.Services.AddSingleton<ISigningKeySource>(static services => services.GetRequiredService<SigningKeyStore>());
    }
}
