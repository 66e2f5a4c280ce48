using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.ServiceDefaults.Discovery;

public sealed class DiscoveryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HttpClient_ReplicasChangeInFile_FollowsAndFallsBackToFront()
    {
        await using var front = await StartNamedAsync("front");
        await using var first = await StartNamedAsync("first");
        await using var second = await StartNamedAsync("second");
        await using var caller = await TestService.StartAsync(
            map: null,
            ("HighAvail:DiscoveryFile", _folder.File("discovery.json")),
            ("services:users:http:0", front.Address.OriginalString));
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        // The file does not exist yet.
        Assert.Equal("front", await AskAsync(client));

        _ = await MeasureAsync(client, [first, second], answers => answers.SetEquals(["first", "second"]));

        _ = await MeasureAsync(client, [second], answers => answers.SetEquals(["second"]));

        _ = await MeasureAsync(client, [], answers => answers.SetEquals(["front"]));

        _ = await MeasureAsync(client, [first], answers => answers.SetEquals(["first"]));
    }

    [Fact]
    public async Task HttpClient_FileExistsBeforeStart_IsUsedFromTheFirstRequest()
    {
        await using var replica = await StartNamedAsync("replica");
        Write([replica]);
        await using var caller = await TestService.StartAsync(
            map: null,
            ("HighAvail:DiscoveryFile", _folder.File("discovery.json")),
            ("services:users:http:0", "http://127.0.0.1:9"));
        using var client = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

        Assert.Equal("replica", await AskAsync(client));
    }

    private static Task<TestService> StartNamedAsync(string name) =>
        TestService.StartAsync(app => app.MapGet("/name", () => Results.Text(name)));

    private static async Task<string> AskAsync(HttpClient client) =>
        await client.GetStringAsync(new Uri("http://users/name"), TestContext.Current.CancellationToken);

    private async Task<TimeSpan> MeasureAsync(HttpClient client, TestService[] replicas, Predicate<HashSet<string>> reached)
    {
        var start = Stopwatch.GetTimestamp();
        Write(replicas);
        await Eventually.TrueAsync(
            async () =>
            {
                HashSet<string> answers = [await AskAsync(client), await AskAsync(client), await AskAsync(client)];
                return reached(answers);
            },
            "the replicas in the file");
        var elapsed = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"A change with {replicas.Length} replicas reached the client after {elapsed.TotalMilliseconds:0} ms.");
        return elapsed;
    }

    private void Write(TestService[] replicas)
    {
        var services = new Dictionary<string, object>();
        if (replicas.Length > 0)
        {
            services["users"] = new { http = replicas.Select(r => r.Address.OriginalString) };
        }

        _folder.Replace("discovery.json", JsonSerializer.Serialize(new { services }));
    }
}
