using System.Net;
using System.Net.Sockets;
using HighAvail.Drill.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HighAvail.Tests.Drill.Load;

public class ShopClientTests
{
    private static readonly AccessToken _token = new("token", DateTimeOffset.MaxValue);

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Send_ConnectionThatWasUsedBeforeEndsWithoutAnAnswer_NothingIsSentAgain()
    {
        await using var server = new DroppingServer();
        using var shop = new ShopClient(server.Address, null, new());

        foreach (var send in (Func<Task<bool>>[])
            [
                async () => (await shop.CancelAsync(_token, Guid.NewGuid(), "key", Cancelled)).IsUnknown,
                async () => (await shop.GetProfileAsync(_token, Cancelled)).IsUnknown,
            ])
        {
            var before = server.Requests;
            Assert.False(await send());
            Assert.True(await send());
            Assert.Equal(before + 2, server.Requests);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"items\":null,\"next\":null}")]
    [InlineData("{\"items\":[{\"id\":5}],\"next\":null}")]
    public async Task Send_AnswerIsNotWhatTheApiPromises_IsMalformed(string json)
    {
        await using var app = LoopbackServer.Create();
        app.MapGet("/orders", () => Results.Text(json, "application/json"));
        await app.StartAsync(Cancelled);
        using var shop = new ShopClient(new(app.Urls.First()), null, new());

        var reply = await shop.ListOrdersAsync(_token, 5, null, Cancelled);

        Assert.Equal((HttpStatusCode.OK, true, true), (reply.Status, reply.IsMalformed, reply.IsUnknown));
    }

    [Fact]
    public async Task Send_AnswersAreBad_AreCountedByWhatTheySay()
    {
        await using var app = LoopbackServer.Create();
        app.MapGet("/orders/{id}", () => Results.Problem("Nobody is there.", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapPost("/orders/{id}/cancel", () => Results.Conflict());
        app.MapGet("/users/me", (HttpContext context) => context.Abort());
        app.MapGet("/orders", () => Results.Text("what?", "application/json"));
        await app.StartAsync(Cancelled);
        using var shop = new ShopClient(new(app.Urls.First()), null, new());

        await shop.GetOrderAsync(_token, Guid.NewGuid(), Cancelled);
        await shop.GetOrderAsync(_token, Guid.NewGuid(), Cancelled);
        await shop.CancelAsync(_token, Guid.NewGuid(), "key", Cancelled);
        await shop.GetProfileAsync(_token, Cancelled);
        await shop.ListOrdersAsync(_token, 5, null, Cancelled);

        Assert.Equal(3, shop.BadAnswers.Count);
        Assert.Equal(2, shop.BadAnswers["GET /orders/{id}: 503 Nobody is there."]);
        Assert.Contains(shop.BadAnswers.Keys, static answer => answer.StartsWith("GET /users/me: no answer: ", StringComparison.Ordinal));
        Assert.Contains(shop.BadAnswers.Keys, static answer => answer.StartsWith("GET /orders: 200 ", StringComparison.Ordinal));
    }

    /// <summary>Answers the first request of each connection, reads the second, and ends the connection.</summary>
    private sealed class DroppingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;
        private int _requests;

        public DroppingServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Requests => Volatile.Read(ref _requests);

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(Cancelled);
                    await using var stream = client.GetStream();
                    using var reader = new StreamReader(stream);
                    await ReadAsync(reader);
                    await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Cancelled);
                    await ReadAsync(reader);
                }
            }
            catch (Exception exception) when (exception is SocketException or InvalidOperationException)
            {
                // The listener was stopped.
            }
        }

        private async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(Cancelled) is { } line)
            {
                if (line.Length == 0)
                {
                    Interlocked.Increment(ref _requests);
                    return;
                }
            }
        }
    }
}
