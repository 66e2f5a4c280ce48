using System.Net.ServerSentEvents;

namespace HighAvail.Tests.OrderService.Events;

/// <summary>A client that watches an order.</summary>
internal sealed class EventStreamReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventStreamReader(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) => (_response, _events) = (response, events);

    public static async Task<EventStreamReader> OpenAsync(
        HttpClient client, Guid order, string? lastEventId, CancellationToken cancellationToken)
    {
        var response = await SendAsync(client, order, lastEventId, cancellationToken);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        var patience = Patience.Token;
        return new EventStreamReader(response, parser.EnumerateAsync(patience).GetAsyncEnumerator(patience));
    }

    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, Guid order, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order}/events");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The next event; <see langword="null"/> when the stream has ended.</summary>
    public async Task<SseItem<string>?> NextAsync() => await _events.MoveNextAsync() ? _events.Current : null;

    /// <summary>The next events as "version type".</summary>
    public async Task<string> NextAsync(int count)
    {
        var read = new List<string>();
        while (read.Count < count && await NextAsync() is { } item)
        {
            read.Add($"{item.EventId} {item.EventType}");
        }

        return string.Join(", ", read);
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
