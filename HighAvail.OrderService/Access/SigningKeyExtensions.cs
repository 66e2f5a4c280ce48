using HighAvail.ServiceDefaults.Access;

namespace HighAvail.OrderService.Access;

internal static class SigningKeyExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.AddStartupTask<LoadSigningKeys>();
        builder.Services.AddSingleton<SigningKeyCopy>();
        builder.Services.AddSingleton<ISigningKeySource, FollowedSigningKeys>();
    }
}
