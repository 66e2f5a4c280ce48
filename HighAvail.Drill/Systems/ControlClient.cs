using System.Net.Http.Json;

namespace HighAvail.Drill.Systems;

/// <summary>Asks a running host to show or to do something.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly HttpClient _http;

    internal ControlClient(HostFile host)
    {
        // A command lasts as long as what it does, such as to drain a replica.
        _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new(host.ControlUrl),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add("X-Api-Key", host.ApiKey);
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="HttpRequestException">It does not answer.</exception>
    internal async Task<IReadOnlyList<ResourceView>> ResourcesAsync(CancellationToken cancellationToken) =>
        await _http.GetFromJsonAsync("api/resources", SystemsJson.Default.ListResourceView, cancellationToken) ?? [];

    /// <summary>Does a command with a resource or replica and waits until it is done.</summary>
    /// <exception cref="DrillException">It was not done; the message is the host's.</exception>
    internal Task ExecuteAsync(string name, string command, CancellationToken cancellationToken) =>
        PostAsync($"api/resources/{Uri.EscapeDataString(name)}/commands/{Uri.EscapeDataString(command)}", null, cancellationToken);

    /// <summary>As the other, with arguments.</summary>
    internal Task ExecuteAsync(string name, string command, HttpContent arguments, CancellationToken cancellationToken) =>
        PostAsync($"api/resources/{Uri.EscapeDataString(name)}/commands/{Uri.EscapeDataString(command)}", arguments, cancellationToken);

    /// <summary>Asks the host to stop everything and itself.</summary>
    internal Task StopAsync(CancellationToken cancellationToken) => PostAsync("api/stop", null, cancellationToken);

    private async Task PostAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.PostAsync(path, content, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new DrillException($"The app host does not answer: {exception.Message}", exception);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
                var problem = isProblem ? await response.Content.ReadFromJsonAsync(SystemsJson.Default.ProblemView, cancellationToken) : null;
                throw new DrillException(problem?.Detail ?? $"The app host answered {(int)response.StatusCode} to {path}.");
            }
        }
    }
}
