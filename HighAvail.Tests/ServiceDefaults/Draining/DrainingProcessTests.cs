using System.Diagnostics;
using System.Net;
using HighAvail.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.ServiceDefaults.Draining;

/// <summary>Draining as it happens: a process, its signals, a request under way.</summary>
public class DrainingProcessTests
{
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Terminated_RequestsUnderWayAndNew_AreAnsweredAndTheProcessEndsAfterwards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var backend = await StartBackendAsync(arrived, release.Task);
        var (process, client) = await StartGatewayAsync(backend.Address, _delay);
        await using var disposeProcess = process;
        using var disposeClient = client;

        var slow = client.GetAsync(new Uri("/users/slow", UriKind.Relative), TestContext.Current.CancellationToken);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var start = Stopwatch.GetTimestamp();
        process.Signal(StopSignal.Terminate);

        await Eventually.TrueAsync(async () => await StatusAsync(client, "/health") == HttpStatusCode.ServiceUnavailable, "not ready");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/users/fast"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/alive"));

        await Eventually.TrueAsync(async () => !await AcceptsAsync(client), "no new connections after the delay");
        Assert.True(Stopwatch.GetElapsedTime(start) >= _delay);
        Assert.False(slow.IsCompleted);

        release.SetResult();
        using var response = await slow;
        Assert.Equal("slow", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await process.Exited);
    }

    [Fact]
    public async Task Interrupted_NothingUnderWay_EndsWithoutTheDelay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        var (process, client) = await StartGatewayAsync(new Uri("http://127.0.0.1:1"), TimeSpan.FromSeconds(15));
        await using var disposeProcess = process;
        using var disposeClient = client;

        var start = Stopwatch.GetTimestamp();
        process.Signal(StopSignal.Interrupt);
        var exitCode = await process.Exited;

        TestContext.Current.TestOutputHelper?.WriteLine($"Ended {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms after SIGINT.");
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Interrupted_WhileDraining_EndsTheDelay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        var (process, client) = await StartGatewayAsync(new Uri("http://127.0.0.1:1"), TimeSpan.FromSeconds(15));
        await using var disposeProcess = process;
        using var disposeClient = client;

        var start = Stopwatch.GetTimestamp();
        process.Signal(StopSignal.Terminate);
        await Eventually.TrueAsync(async () => await StatusAsync(client, "/health") == HttpStatusCode.ServiceUnavailable, "not ready");
        process.Signal(StopSignal.Interrupt);
        var exitCode = await process.Exited;

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, exitCode);
    }

    private static Task<TestService> StartBackendAsync(TaskCompletionSource arrived, Task release) => TestService.StartAsync(app =>
    {
        app.MapGet("/users/fast", () => "fast");
        app.MapGet("/users/slow", async () =>
        {
            arrived.SetResult();
            await release;
            return Results.Text("slow");
        });
    });

    private static async Task<(TestProcess Process, HttpClient Client)> StartGatewayAsync(Uri backend, TimeSpan delay)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{LoopbackPort.Free()}") };
        var process = await ServiceProcess.StartAsync(
            "HighAvail.Gateway",
            ("ASPNETCORE_URLS", client.BaseAddress.OriginalString),
            ("Drain__Delay", $"{delay:c}"),
            // Longer than a request may be slow here.
            ("Forwarding__TryTimeout", "00:00:30"),
            ("Forwarding__RequestTimeout", "00:01:00"),
            ("services__users__http__0", backend.OriginalString));
        await process.WaitUntilHealthyAsync(client);
        return (process, client);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<bool> AcceptsAsync(HttpClient client)
    {
        try
        {
            _ = await StatusAsync(client, "/alive");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
