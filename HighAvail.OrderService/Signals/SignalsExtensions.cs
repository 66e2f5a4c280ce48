using HighAvail.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Signals;

internal static class SignalsExtensions
{
    // Seconds without a word from the server until the listener asks whether it is still there: a connection cut silently never tells.
    private const int KeepAlive = 5;

    public static void AddOrderSignals(this IHostApplicationBuilder builder)
    {
        // The listener keeps its connection for good, so it must not take one of the few of the pool.
        builder.AddKeyedNpgsqlDataSource(
            SignalListener.DataSource,
            static settings => settings.DisableHealthChecks = settings.DisableMetrics = settings.DisableTracing = true,
            static db =>
            {
                db.ConnectionStringBuilder.UseSessionDefaults();
                db.ConnectionStringBuilder.Pooling = false;
                db.ConnectionStringBuilder.KeepAlive = KeepAlive;
            });
        builder.Services.AddSingleton<OrderSignals>();
        builder.Services.AddHostedService<SignalSender>();
        builder.Services.AddHostedService<SignalListener>();
        builder.Services.AddSingleton<IValidateOptions<SignalOptions>, SignalOptionsValidator>();
        builder.Services.AddOptions<SignalOptions>().BindConfiguration("OrderSignals").ValidateOnStart();
    }
}
