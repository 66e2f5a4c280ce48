using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace HighAvail.Dashboard.Control;

/// <summary>
/// Asks one run of the host. When it is gone, what was asked ends with an <see cref="HttpRequestException"/> or an <see cref="IOException"/>.
/// The key stays in here: browsers never see it.
/// </summary>
internal sealed class HostClient : IDisposable
{
    private readonly HttpClient _http;

    internal HostClient(HostFile host)
    {
        _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = host.ControlUrl,

            // Following lasts as long as somebody looks, and draining as long as it takes.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add("X-Api-Key", host.ApiKey);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>All resources first, in the order of the app host, and then each one that changes.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<Resource>> WatchResourcesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in StreamAsync("api/resources/watch", cancellationToken).ConfigureAwait(false))
        {
            // A single resource is a list of one.
            var json = item.EventType == "resources" ? item.Data : $"[{item.Data}]";
            yield return JsonSerializer.Deserialize(json, ControlJson.Default.ListResource)!;
        }
    }

    /// <summary>What happened so far, and then what happens.</summary>
    internal async IAsyncEnumerable<HostEvent> FollowEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in StreamAsync("api/events?follow=true", cancellationToken).ConfigureAwait(false))
        {
            yield return JsonSerializer.Deserialize(item.Data, ControlJson.Default.HostEvent)!;
        }
    }

    /// <summary>The output of a resource or replica that is kept, and perhaps then what comes.</summary>
    internal async IAsyncEnumerable<LogLine> LogsAsync(string name, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/resources/{Uri.EscapeDataString(name)}/logs?follow={(follow ? "true" : "false")}");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return JsonSerializer.Deserialize(line, ControlJson.Default.LogLine)!;
        }
    }

    /// <summary>What the processes of all replicas use at this moment.</summary>
    internal async Task<IReadOnlyList<ProcessSample>> ProcessesAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync("api/processes", ControlJson.Default.ListProcessSample, cancellationToken).ConfigureAwait(false) ?? [];

    /// <summary>The environment of a resource or replica with its secrets.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name, CancellationToken cancellationToken)
    {
        var resource = await _http.GetFromJsonAsync(
            $"api/resources/{Uri.EscapeDataString(name)}?secrets=true", ControlJson.Default.Resource, cancellationToken).ConfigureAwait(false);
        return resource!.Environment;
    }

    /// <summary>Does a command and waits until it is done.</summary>
    /// <param name="name">The resource or replica.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="argument">The number it is given, if it takes one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it was done, and what the host says about it.</returns>
    internal async Task<(bool IsDone, string? Message)> ExecuteAsync(
        string name, string command, (string Name, int Value)? argument, CancellationToken cancellationToken)
    {
        using var body = argument is var (argumentName, value) ? JsonContent.Create(new() { [argumentName] = value }, ControlJson.Default.JsonObject) : null;
        using var response = await _http.PostAsync(
            new Uri($"api/resources/{Uri.EscapeDataString(name)}/commands/{Uri.EscapeDataString(command)}", UriKind.Relative), body, cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadFromJsonAsync(ControlJson.Default.CommandAnswer, cancellationToken).ConfigureAwait(false);
        return (response.IsSuccessStatusCode, answer?.Detail ?? answer?.Message);
    }

    private async IAsyncEnumerable<SseItem<string>> StreamAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }
}
