using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace HighAvail.Hosting.Control.Verbs;

/// <summary>Asks the running host. Failures are exceptions whose messages are for the person at the terminal.</summary>
internal sealed class ControlClient : IDisposable
{
    // A starting host has the lock some tenths of a second before it says how to reach it.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private readonly HostDirectories _directories;
    private readonly HttpClient _http;

    private ControlClient(HostDirectories directories, HostFile host)
    {
        (_directories, Host) = (directories, host);
        _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new(host.ControlUrl),

            // Following a log takes as long as it takes, and so does draining.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add(ControlGate.KeyHeader, host.ApiKey);
    }

    /// <summary>The host that is asked.</summary>
    internal HostFile Host { get; }

    public void Dispose() => _http.Dispose();

    /// <exception cref="DistributedApplicationException">No host runs.</exception>
    internal static async Task<ControlClient> OpenAsync(HostDirectories directories, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (HostInstance.IsRunning(directories))
        {
            if (HostFile.Read(directories.HostFile) is { } host)
            {
                return new(directories, host);
            }

            if (TimeProvider.System.GetElapsedTime(began) > _patience)
            {
                throw new DistributedApplicationException("The app host is just starting or stopping. Try again in a moment.");
            }

            await Task.Delay(_pause, cancellationToken).ConfigureAwait(false);
        }

        var others = IsolatedState.Others(directories);
        throw new DistributedApplicationException(
            $"No instance of this app host is running. Start it: {HostInvocation.Of(directories, string.Empty)}{(others.Length > 0 ? Environment.NewLine + others : string.Empty)}");
    }

    /// <summary>All resources, as JSON.</summary>
    internal Task<string> ResourcesJsonAsync(CancellationToken cancellationToken) => GetAsync("api/resources", cancellationToken);

    /// <summary>All resources.</summary>
    internal async Task<IReadOnlyList<ResourceView>> ResourcesAsync(CancellationToken cancellationToken) =>
        Parse(await ResourcesJsonAsync(cancellationToken).ConfigureAwait(false), ControlJson.Default.ListResourceView);

    /// <summary>A resource, or one replica of it, as JSON.</summary>
    internal Task<string> ResourceJsonAsync(string name, CancellationToken cancellationToken) => GetAsync($"api/resources/{Segment(name)}", cancellationToken);

    /// <summary>A resource, or one replica of it.</summary>
    internal async Task<ResourceView> ResourceAsync(string name, CancellationToken cancellationToken) =>
        Parse(await ResourceJsonAsync(name, cancellationToken).ConfigureAwait(false), ControlJson.Default.ResourceView);

    /// <summary>Does a command and waits until it is done.</summary>
    internal async Task ExecuteAsync(string name, string command, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/resources/{Segment(name)}/commands/{Segment(command)}") { Content = body };
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the host to stop everything and itself.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/stop");
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the host that was asked is gone.</summary>
    internal async Task GoneAsync(CancellationToken cancellationToken)
    {
        // Another key belongs to another run, which somebody started meanwhile.
        while (HostInstance.IsRunning(_directories) && (HostFile.Read(_directories.HostFile) is not { } current || current.ApiKey == Host.ApiKey))
        {
            await Task.Delay(_pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The lines of a log, as JSON.</summary>
    internal async IAsyncEnumerable<string> LogLinesAsync(string name, bool follow, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/resources/{Segment(name)}/logs?follow={follow}{(tail is null ? string.Empty : $"&tail={tail}")}");
        request.Headers.Accept.ParseAdd(LogsApi.JsonLines);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await NextLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }

    private static async Task<string?> NextLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException("The app host is gone.", exception);
        }
    }

    private static T Parse<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type)!;

    // An address swallows segments of dots, and would then name something else.
    private static string Segment(string name) => name.All(c => c == '.')
        ? throw new DistributedApplicationException($"There is no resource or replica '{name}'.")
        : Uri.EscapeDataString(name);

    private async Task<string> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new DistributedApplicationException($"The app host (process {Host.ProcessId}) does not answer: {exception.Message}", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new DistributedApplicationException(await ProblemAsync(response, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var problem = isProblem ? await response.Content.ReadFromJsonAsync(ControlJson.Default.ControlProblem, cancellationToken).ConfigureAwait(false) : null;
        return problem?.Detail ?? $"The app host answered {(int)response.StatusCode} ({response.StatusCode}).";
    }
}
