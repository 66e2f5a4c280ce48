using HighAvail.ServiceDefaults.Access;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Access;

internal static class SigningKeyExtensions
{
    public static void AddSigningKeys(this IHostApplicationBuilder builder)
    {
        builder.AddStartupTask<LoadSigningKeys>();
        // The refresher tells once per outage what the resilience handler would tell at every attempt.
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        builder.Services.AddHttpClient(SigningKeyClient.Name, static http => http.BaseAddress = new("https+http://users"))
            .RemoveAllLoggers();
        builder.Services.AddSingleton<SigningKeyClient>();
        builder.Services.AddSingleton<SigningKeyCopy>();
        builder.Services.AddSingleton<ISigningKeySource>(static services => services.GetRequiredService<SigningKeyCopy>());
        builder.Services.AddHostedService<SigningKeyRefresher>();
        builder.Services.AddSingleton<IValidateOptions<SigningKeyOptions>, SigningKeyOptionsValidator>();
        builder.Services.AddOptions<SigningKeyOptions>().BindConfiguration("SigningKeys").ValidateOnStart();
    }
}
