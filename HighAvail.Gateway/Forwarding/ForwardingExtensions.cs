using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;

namespace HighAvail.Gateway.Forwarding;

/// <summary>What stands around the proxy so that a request fails only when nobody can answer it.</summary>
internal static class ForwardingExtensions
{
    public static IReverseProxyBuilder AddRetries(this IReverseProxyBuilder proxy)
    {
        proxy.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ForwardingOptions>, ForwardingOptionsValidator>());
        proxy.Services.AddOptions<ForwardingOptions>()
            .BindConfiguration("Forwarding")
            .Validate(static o => o.RequestTimeout > o.TryTimeout, "Forwarding:RequestTimeout must exceed Forwarding:TryTimeout.")
            .Validate(static o => o.RequestTimeout > o.PasswordTryTimeout, "Forwarding:RequestTimeout must exceed Forwarding:PasswordTryTimeout.")
            .Validate(static o => o.LongestDelay >= o.ShortestDelay, "Forwarding:LongestDelay must not be below Forwarding:ShortestDelay.")
            .ValidateOnStart();
        proxy.Services.AddSingleton<GatewayMetrics>();
        proxy.Services.AddSingleton<BufferedBodies>();
        proxy.Services.AddSingleton<ParkingLot>();

        // Each try that fails has a line of its own there; what matters of it is in the lines of this project.
        proxy.Services.Configure<LoggerFilterOptions>(static options =>
            options.Rules.Insert(0, new LoggerFilterRule(providerName: null, "Yarp.ReverseProxy", LogLevel.Error, filter: null)));

        return proxy.AddTransforms(static transforms => transforms.AddResponseTransform(static transform =>
        {
            if (transform.ProxyResponse is { } answer && transform.HttpContext.Features.Get<Try>() is { } attempt)
            {
                transform.SuppressResponseBody = !attempt.Begins(answer);
            }

            return ValueTask.CompletedTask;
        }));
    }
}
