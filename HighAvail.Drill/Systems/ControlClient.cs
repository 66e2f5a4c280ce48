using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

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

    /// <exception cref="DrillException">It does not answer, or not as it should.</exception>
    internal async Task<IReadOnlyList<ResourceView>> ResourcesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync("api/resources", SystemsJson.Default.ListResourceView, cancellationToken) ?? [];
        }
        catch (Exception exception) when (IsNoAnswer(exception))
        {
            throw NoAnswer(exception);
        }
    }

    /// <summary>Does a command with a resource or replica and waits until it is done.</summary>
    /// <param name="name">The resource or replica.</param>
    /// <param name="command">The command.</param>
    /// <param name="arguments">The command's arguments as JSON, if it takes some.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why that cannot be done in the state that it is in, in the host's words; or <see langword="null"/> if it was done.</returns>
    /// <exception cref="DrillException">It was not done, and never will be; the message is the host's.</exception>
    internal async Task<string?> ExecuteAsync(string name, string command, HttpContent? arguments, CancellationToken cancellationToken)
    {
        var (status, problem) = await PostAsync(
            $"api/resources/{Uri.EscapeDataString(name)}/commands/{Uri.EscapeDataString(command)}", arguments, cancellationToken);
        return problem is null ? null
            : status == HttpStatusCode.Conflict ? problem
            : throw new DrillException(problem);
    }

    /// <summary>Asks the host to stop everything and itself.</summary>
    /// <exception cref="DrillException">It does not.</exception>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        var (_, problem) = await PostAsync("api/stop", null, cancellationToken);
        if (problem is not null)
        {
            throw new DrillException(problem);
        }
    }

    private static bool IsNoAnswer(Exception exception) => exception is HttpRequestException or IOException or JsonException or InvalidOperationException;

    private static DrillException NoAnswer(Exception exception) => new($"The app host does not answer: {exception.Message}", exception);

    private async Task<(HttpStatusCode Status, string? Problem)> PostAsync(string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.PostAsync(path, content, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return (response.StatusCode, null);
            }

            var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
            var problem = isProblem ? await response.Content.ReadFromJsonAsync(SystemsJson.Default.ProblemView, cancellationToken) : null;
            return (response.StatusCode, problem?.Detail ?? $"The app host answered {(int)response.StatusCode} to {path}.");
        }
        catch (Exception exception) when (IsNoAnswer(exception))
        {
            throw NoAnswer(exception);
        }
    }
}
