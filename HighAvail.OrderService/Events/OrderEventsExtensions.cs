using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Events;

internal static class OrderEventsExtensions
{
    public static void AddOrderEvents(this IServiceCollection services)
    {
        services.AddSingleton<OrderWatcher>();
        services.AddHostedService(static provider => provider.GetRequiredService<OrderWatcher>());
        services.AddSingleton<IValidateOptions<OrderEventsOptions>, OrderEventsOptionsValidator>();
        services.AddOptions<OrderEventsOptions>().BindConfiguration("OrderEvents").ValidateOnStart();
    }
}
