using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HighAvail.Tests.ServiceDefaults;

/// <summary>A service made of nothing but the defaults and what a test adds, on a real server and a free port.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private TestService(WebApplication app, HttpMessageHandler? handler)
    {
        App = app;
        Address = new Uri(app.Urls.First());
        Client = handler is null ? new HttpClient() : new HttpClient(handler);
        Client.BaseAddress = Address;
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => App.Services;

    public static WebApplicationBuilder CreateBuilder(params (string Key, string? Value)[] settings)
    {
        // Settings that the machine running the tests may have must not change what is tested.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "test-service", EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("Drain:Delay", settings.FirstOrDefault(s => s.Key == "Drain:Delay").Value ?? "00:00:00")]);
        builder.WebHost.UseKestrel();
        builder.Services.AddRouting();
        // As in reality somebody logs; only then does the server give every request a trace id.
        builder.Logging.AddProvider(new DiscardingLoggerProvider());
        return builder;
    }

    public static async Task<TestService> StartAsync(
        WebApplicationBuilder builder, Action<WebApplication>? map = null, string url = "http://127.0.0.1:0", HttpMessageHandler? handler = null)
    {
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.Urls.Add(url);
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestService(app, handler);
    }

    public static Task<TestService> StartAsync(Action<WebApplication>? map = null, params (string Key, string? Value)[] settings) =>
        StartAsync(CreateBuilder(settings), map);

    private sealed class DiscardingLoggerProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
