using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using HighAvail.ServiceDefaults.Draining;
using HighAvail.ServiceDefaults.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HighAvail.Tests.ServiceDefaults.Health;

public class HealthEndpointTests
{
    private sealed class ManualTask : IStartupTask
    {
        public TaskCompletionSource Done { get; } = new();

        public string Name => "migrations";

        public Task RunAsync(CancellationToken cancellationToken) => Done.Task.WaitAsync(cancellationToken);
    }

    [Fact]
    public async Task Health_StartupTaskRuns_Answers503UntilItIsDone()
    {
        var task = new ManualTask();
        var builder = TestService.CreateBuilder();
        builder.Services.AddSingleton<IStartupTask>(task);
        await using var service = await TestService.StartAsync(builder);

        await Eventually.TrueAsync(async () =>
        {
            var (status, body) = await GetAsync(service, "/health");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            return body.GetProperty("checks").GetProperty("started").GetProperty("description").GetString() == "Starting: migrations.";
        });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/alive")).Status);

        task.Done.SetResult();
        await Eventually.TrueAsync(async () => (await GetAsync(service, "/health")).Status == HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task Health_Draining_Answers503WhileAliveAnswers200()
    {
        await using var service = await TestService.StartAsync();
        await Eventually.TrueAsync(async () => (await GetAsync(service, "/health")).Status == HttpStatusCode.OK, "ready");

        service.Services.GetRequiredService<DrainSignal>().Begin();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(service, "/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/alive")).Status);
    }

    [Fact]
    public async Task Health_PostgresAndRedisAway_IsDegradedWithoutSecrets()
    {
        var builder = TestService.CreateBuilder(
            ("ConnectionStrings:usersdb", "Host=127.0.0.1;Port=1;Username=someone;Password=very-secret;Database=usersdb"),
            ("ConnectionStrings:cache", "127.0.0.1:1,password=very-secret"),
            ("Redis:ConnectDelay", "00:00:00"));
        builder.AddNpgsqlDataSource("usersdb");
        builder.AddRedisClient("cache");
        await using var service = await TestService.StartAsync(builder);

        await Eventually.TrueAsync(async () => RedisStatus((await GetAsync(service, "/health")).Body) == "Degraded", "Redis is missed");
        var (status, body) = await GetAsync(service, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Degraded", body.GetProperty("status").GetString());
        Assert.Equal("Degraded", body.GetProperty("checks").GetProperty("postgres").GetProperty("status").GetString());
        Assert.Equal("Degraded", RedisStatus(body));
        Assert.DoesNotContain("secret", body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", body.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_DependenciesAcceptButNeverAnswer_AnswersBeforeTheyDo()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var builder = TestService.CreateBuilder(
            ("ConnectionStrings:usersdb", $"Host=127.0.0.1;Port={port};Username=someone;Database=usersdb;Timeout=30"),
            ("ConnectionStrings:cache", $"127.0.0.1:{port}"),
            ("Redis:ConnectDelay", "00:00:00"));
        builder.AddNpgsqlDataSource("usersdb");
        builder.AddRedisClient("cache");
        await using var service = await TestService.StartAsync(builder);
        await Eventually.TrueAsync(async () => RedisStatus((await GetAsync(service, "/health")).Body) == "Degraded", "Redis is missed");

        var start = Stopwatch.GetTimestamp();
        var (status, body) = await GetAsync(service, "/health");
        var elapsed = Stopwatch.GetElapsedTime(start);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Degraded", body.GetProperty("status").GetString());
        // Far below the 30 s of a connection.
        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static string? RedisStatus(JsonElement body) => body.GetProperty("checks").GetProperty("redis").GetProperty("status").GetString();

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(TestService service, string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }
}
