using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Feed;

/// <summary>Asks the User service for changes.</summary>
internal sealed class FeedClient(IHttpClientFactory clients, IOptions<FeedOptions> options, TimeProvider timeProvider)
{
    public const string Name = "users-feed";

    /// <summary>Returns <see langword="null"/> when the cursor means nothing any more.</summary>
    public async Task<ChangePage?> GetAsync(string? cursor, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(wait + options.Value.AnswerTimeout, timeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var path = string.Create(CultureInfo.InvariantCulture, $"/internal/users/changes?wait={(int)wait.TotalSeconds}");
        using var http = clients.CreateClient(Name);
        using var response = await http.GetAsync(cursor is null ? path : $"{path}&after={cursor}", limit.Token);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(FeedJson.Default.ChangePage, limit.Token)
            ?? throw new HttpRequestException("The feed answered nothing.");
    }
}
