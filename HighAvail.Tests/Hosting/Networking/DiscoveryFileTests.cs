using System.Text.Json;
using HighAvail.Hosting.Networking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Networking;

public sealed class DiscoveryFileTests : IDisposable
{
    private const string Front = "https://localhost:20999";
    private const string Users0 = "https://127.0.0.1:21003";
    private const string Users1 = "https://127.0.0.1:21004";

    private readonly TemporaryFolder _run = new();
    private readonly FakeTimeProvider _time = new();
    private readonly DiscoveryFile _file;

    public DiscoveryFileTests() => _file = Create();

    public void Dispose()
    {
        _file.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Constructor_FileOfAnEarlierRun_IsReplacedByAnEmptyListAloneInItsFolder()
    {
        _file.Set("users", "https", [new(Users0)]);

        using var next = Create();

        Assert.Equal("""{"services":{}}""", File.ReadAllText(next.Path));
        Assert.Equal([next.Path], Directory.GetFileSystemEntries(_run.File("discovery")));
    }

    [Fact]
    public void Set_ReadyReplicas_WritesWhatTheServicesRead()
    {
        _file.Set("users", "https", [new(Users0), new(Users1)]);

        Assert.Equal("""{"services":{"users":{"https":["https://127.0.0.1:21003","https://127.0.0.1:21004"]}}}""", File.ReadAllText(_file.Path));
    }

    [Fact]
    public void Set_NoReadyReplica_LeavesTheEndpointAndThenTheServiceOut()
    {
        _file.Set("users", "https", [new(Users0)]);
        _file.Set("users", "http", [new("http://127.0.0.1:21005")]);

        _file.Set("users", "https", []);
        Assert.Equal("""{"services":{"users":{"http":["http://127.0.0.1:21005"]}}}""", File.ReadAllText(_file.Path));

        _file.Set("users", "http", []);
        Assert.Equal("""{"services":{}}""", File.ReadAllText(_file.Path));
    }

    [Fact]
    public void Remove_Service_LeavesTheOthers()
    {
        _file.Set("users", "https", [new(Users0)]);
        _file.Set("orders", "https", [new(Users1)]);

        _file.Remove("users");

        Assert.Equal("""{"services":{"orders":{"https":["https://127.0.0.1:21004"]}}}""", File.ReadAllText(_file.Path));
    }

    [Fact]
    public void Set_SameReplicas_DoesNotTouchTheFile()
    {
        _file.Set("users", "https", [new(Users0)]);
        var marker = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_file.Path, marker);

        _file.Set("users", "https", [new(Users0)]);
        Assert.Equal(marker, File.GetLastWriteTimeUtc(_file.Path));

        _file.Set("users", "https", [new(Users1)]);
        Assert.NotEqual(marker, File.GetLastWriteTimeUtc(_file.Path));
    }

    [Fact]
    public async Task Set_WritersAndReadersAtOnce_EveryReadIsWholeAndTheLastStateWins()
    {
        using var written = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reader = Task.Run(
            () =>
            {
                var reads = 0;
                while (!written.IsCancellationRequested)
                {
                    using var json = JsonDocument.Parse(File.ReadAllBytes(_file.Path));
                    Assert.True(json.RootElement.TryGetProperty("services", out _));
                    reads++;
                }

                return reads;
            },
            TestContext.Current.CancellationToken);

        await Parallel.ForAsync(0, 4, TestContext.Current.CancellationToken, (writer, _) =>
        {
            for (var i = 0; i <= 250; i++)
            {
                _file.Set($"service{writer}", "https", [new($"https://127.0.0.1:{20_000 + i}")]);
            }

            return ValueTask.CompletedTask;
        });
        await written.CancelAsync();

        Assert.NotEqual(0, await reader);
        using var last = JsonDocument.Parse(File.ReadAllBytes(_file.Path));
        var services = last.RootElement.GetProperty("services");
        Assert.All(Enumerable.Range(0, 4), writer =>
            Assert.Equal("https://127.0.0.1:20250", services.GetProperty($"service{writer}").GetProperty("https")[0].GetString()));
    }

    [Fact]
    public async Task Set_FileCannotBeWritten_IsWrittenLaterWithTheNewestState()
    {
        // A folder where the next version goes fails a write for every user, root included.
        var obstacle = Directory.CreateDirectory(_run.File("services.json.next"));
        _file.Set("users", "https", [new(Users0)]);
        _file.Set("users", "https", [new(Users1)]);
        Assert.Equal("""{"services":{}}""", await File.ReadAllTextAsync(_file.Path, TestContext.Current.CancellationToken));

        obstacle.Delete();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            """{"services":{"users":{"https":["https://127.0.0.1:21004"]}}}""",
            await File.ReadAllTextAsync(_file.Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Set_WatchedByServiceDiscovery_ClientsFollowAndFallBackToTheFrontEndpoint()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("services:users:https:0", Front)]);
        configuration.AddJsonFile(_file.Path, optional: true, reloadOnChange: true);
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddServiceDiscovery()
            .BuildServiceProvider();
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();
        Assert.Equal([Front], await ResolveAsync());

        _file.Set("users", "https", [new(Users0), new(Users1)]);
        await Eventually.TrueAsync(async () => (await ResolveAsync()).SequenceEqual([Users0, Users1]));

        _file.Set("users", "https", [new(Users1)]);
        await Eventually.TrueAsync(async () => (await ResolveAsync()).SequenceEqual([Users1]));

        _file.Set("users", "https", []);
        await Eventually.TrueAsync(async () => (await ResolveAsync()).SequenceEqual([Front]));

        async ValueTask<IEnumerable<string>> ResolveAsync()
        {
            var source = await resolver.GetEndpointsAsync("https://users", TestContext.Current.CancellationToken);
            return source.Endpoints.Select(endpoint => endpoint.ToString()!.TrimEnd('/'));
        }
    }

    private DiscoveryFile Create() => new(_run.Path, _time, NullLogger<DiscoveryFile>.Instance);
}
