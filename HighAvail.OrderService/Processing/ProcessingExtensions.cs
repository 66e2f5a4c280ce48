using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Processing;

internal static class ProcessingExtensions
{
    public static void AddOrderProcessing(this IServiceCollection services)
    {
        services.AddSingleton<PendingOrders>();
        services.AddHostedService<OrderProcessor>();
        services.AddSingleton<IValidateOptions<OrderProcessingOptions>, OrderProcessingOptionsValidator>();
        services.AddOptions<OrderProcessingOptions>().BindConfiguration("OrderProcessing").ValidateOnStart();
    }
}
