using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Infrastructure;

/// <summary>One replica of a service: its real program on a real server, on a free port of its own.</summary>
/// <typeparam name="TMarker">Any type of the service's assembly.</typeparam>
internal sealed class ServiceReplica<TMarker> : WebApplicationFactory<TMarker>
    where TMarker : class
{
    private readonly Action<IServiceCollection> _services;
    private readonly (string Key, string Value)[] _settings;

    private ServiceReplica(Action<IServiceCollection> services, (string Key, string Value)[] settings)
    {
        (_services, _settings) = (services, settings);
        // The port comes from the setting: given here, it would be set while the program may be starting already.
        UseKestrel();
    }

    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>Starts the program; it listens, but may not be ready.</summary>
    public static ServiceReplica<TMarker> Start(params (string Key, string Value)[] settings) => Start(static _ => { }, settings);

    public static Task<ServiceReplica<TMarker>> StartReadyAsync(params (string Key, string Value)[] settings) => StartReadyAsync(static _ => { }, settings);

    /// <summary>The same with something in it that a test listens to, or holds.</summary>
    public static async Task<ServiceReplica<TMarker>> StartReadyAsync(Action<IServiceCollection> services, params (string Key, string Value)[] settings)
    {
        var replica = Start(services, settings);
        await replica.WaitUntilReadyAsync();
        return replica;
    }

    public HttpClient CreateClient(string accessToken)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return client;
    }

    public async Task WaitUntilReadyAsync()
    {
        using var client = CreateClient();
        await Eventually.TrueAsync(
            async () => (await client.GetAsync("/health", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.OK,
            $"{typeof(TMarker).Assembly.GetName().Name} is ready");
    }

    private static ServiceReplica<TMarker> Start(Action<IServiceCollection> services, (string Key, string Value)[] settings)
    {
        var replica = new ServiceReplica<TMarker>(services, settings);
        replica.StartServer();
        return replica;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Drain:Delay", "00:00:00");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None");
        // Where nobody listens: whatever a service does, it does without Redis.
        builder.UseSetting("ConnectionStrings:cache", "127.0.0.1:1");
        builder.UseSetting("ServiceKey", "a-key-of-the-tests-only");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureServices(_services);
    }
}
