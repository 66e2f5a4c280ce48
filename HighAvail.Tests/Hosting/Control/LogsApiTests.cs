using System.Text.Json;
using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class LogsApiTests
{
    [Fact]
    public async Task Logs_AsText_AreTheLastLinesAsPrinted()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server", "echo one; echo two; echo three; exec sleep 600"));
        await Eventually.TrueAsync(async () => await LogsAsync("logs") == "one\ntwo\nthree\n");

        Assert.Equal("two\nthree\n", await LogsAsync("logs?tail=2"));
        Assert.Equal("", await LogsAsync("logs?tail=0"));

        Task<string> LogsAsync(string query) => host.Http.GetStringAsync($"api/resources/server/{query}", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Logs_Followed_GoOnAfterTheProcessWasReplaced()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server", "echo up >&2; exec sleep 600"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/resources/server/logs?follow=true");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        var first = await NextAsync();
        using var killed = await host.Http.PostAsync("api/resources/server/commands/kill", null, TestContext.Current.CancellationToken);
        var second = await NextAsync();

        Assert.Equal(("server", true, "up"), (first.Replica, first.IsError, first.Text));
        Assert.Equal("up", second.Text);
        Assert.True(second.Time > first.Time);

        async Task<LogEntry> NextAsync() =>
            JsonSerializer.Deserialize((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!, ControlJson.Default.LogEntry)!;
    }
}
