using HighAvail.OrderService.Telemetry;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Processing;

internal static class ProcessingExtensions
{
    public static void AddOrderProcessing(this IServiceCollection services)
    {
        services.AddSingleton<OrderDecisions>();
        services.AddSingleton<PendingOrders>();
        services.AddHostedService<OrderProcessor>();
        services.AddSingleton<OrderMetrics>();
        services.AddHostedService<WaitingOrders>();
        services.AddSingleton<IValidateOptions<OrderProcessingOptions>, OrderProcessingOptionsValidator>();
        services.AddOptions<OrderProcessingOptions>().BindConfiguration("OrderProcessing").ValidateOnStart();
    }
}
