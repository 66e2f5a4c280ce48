using System.Collections.Concurrent;
using HighAvail.Hosting.ApplicationModel;
using HighAvail.Tests.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.Hosting.Testing;

public class TestingBuilderTests
{
    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public void Create_ConfiguredArgumentsAndEnvironment_AreThoseOfTheHost()
    {
        using var builder = DistributedApplicationTestingBuilder.Create(["first=1"], (options, settings) =>
        {
            Assert.True(options.DisableDashboard);
            settings.Args = ["second=2"];
            settings.EnvironmentName = "Rehearsal";
        });

        Assert.Equal("1", builder.Configuration["first"]);
        Assert.Equal("2", builder.Configuration["second"]);
        Assert.Equal("Rehearsal", builder.Environment.EnvironmentName);
    }

    [Fact]
    public async Task CreateAsync_OfAnAppHost_DescribesItWithTheGivenArguments()
    {
        var appHost = typeof(Projects.HighAvail_AppHost);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            appHost, ["answer=42"], (_, settings) => settings.EnvironmentName = Environments.Staging, Cancelled);

        Assert.Equal("42", builder.Configuration["answer"]);
        Assert.True(builder.Environment.IsStaging());
        Assert.Contains(builder.Resources, r => r.Name == "orders");
    }

    [Fact]
    public async Task CreateAsync_LaunchProfileOfTheAppHost_IsInItsConfigurationAsWithDotnetRun()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT=no"], Cancelled);

        Assert.True(builder.Environment.IsDevelopment());
        Assert.Equal("https", builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("no", builder.Configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"]);
    }

    [Fact]
    public async Task CreateAsync_LaunchProfileThatIsNotThere_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.HighAvail_AppHost>(["DOTNET_LAUNCH_PROFILE=nobody"], Cancelled));

        Assert.Equal("The configured launch profile, 'nobody', was not found in the launch settings file.", exception.Message);
    }

    [Fact]
    public async Task CreateAsync_AssemblyWithoutEntryPoint_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<DistributedApplication>(Cancelled));

        Assert.Contains("does not have an entry point", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_BeforeTheStart_IsRefused()
    {
        var builder = Model.Create();
        builder.AddResource(new CustomResource("server") { ConnectionString = "somewhere" });
        await using var app = await builder.BuildAsync(Cancelled);

        Assert.Throws<InvalidOperationException>(() => app.CreateHttpClient("server"));
        Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("server"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await app.GetConnectionStringAsync("server", Cancelled));
    }

    [Fact]
    public async Task Ask_ForWhatIsNotThere_SaysWhich()
    {
        var builder = Model.Create();
        builder.AddResource(new CustomResource("server") { ConnectionString = "somewhere" });
        builder.AddParameter("parameter", "value");
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        Assert.Equal("somewhere", await app.GetConnectionStringAsync("SERVER", Cancelled));
        Assert.Contains("'nobody' not found", Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody")).Message, StringComparison.Ordinal);
        Assert.Contains("'parameter' has no endpoints", Assert.Throws<ArgumentException>(() => app.GetEndpoint("parameter")).Message, StringComparison.Ordinal);
        Assert.Contains("'web'", Assert.Throws<ArgumentException>(() => app.GetEndpoint("server", "web")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("server"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await app.GetConnectionStringAsync("parameter", Cancelled));
    }

    [Fact]
    public async Task Start_HealthCheckThatNobodyRegistered_IsRefused()
    {
        var builder = Model.Create();
        var log = new ErrorLog();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.AddResource(new CustomResource("server")).WithHealthCheck("nobody_check");
        await using var app = await builder.BuildAsync(Cancelled);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancelled));

        Assert.Equal("A health check registration is missing. Check logs for more details.", exception.Message);
        Assert.Equal(["The health check 'nobody_check' is not registered and is required for resource 'server'."], log.Errors);
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Errors.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
