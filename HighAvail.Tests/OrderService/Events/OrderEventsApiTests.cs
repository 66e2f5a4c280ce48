using System.Net;
using System.Text.Json.Nodes;
using HighAvail.OrderService.Access;
using HighAvail.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.OrderService.Events;

public sealed class OrderEventsApiTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Fact]
    public async Task Watch_New_GivesTheStateAndThenChangesOfAnyReplica()
    {
        await using var other = await StartReplicaAsync();
        using var elsewhere = other.CreateClient(Authority.Issue(Customer));
        var id = await InsertAsync("confirmed");
        await using var stream = await OpenAsync(id);

        var state = await stream.NextAsync();
        await PostAsync(elsewhere, $"/orders/{id}/cancel");
        var change = await stream.NextAsync();

        Assert.Equal(("state", "1"), (state?.EventType, state?.EventId));
        Assert.Equal(id, (Guid?)JsonNode.Parse(state!.Value.Data)!["id"]);
        Assert.Equal(("cancelled", "2"), (change?.EventType, change?.EventId));
        var data = JsonNode.Parse(change!.Value.Data)!.AsObject();
        Assert.Equal(["status", "version", "at"], data.Select(member => member.Key));
        Assert.Equal("cancelled", (string?)data["status"]);
        Assert.Equal(2, (long?)data["version"]);
        Assert.EndsWith("Z", (string?)data["at"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_PlacedOrder_IsToldOfItsProcessing()
    {
        var id = (Guid)(await PlaceAsync())["id"]!;
        await using var stream = await OpenAsync(id, lastEventId: "0");

        Assert.Equal("1 placed, 2 confirmed", await stream.NextAsync(2));
    }

    [Fact]
    public async Task Watch_WithLastEventId_GivesOnlyWhatCameAfter()
    {
        var id = await InsertAsync("confirmed");
        await PostAsync(Client, $"/orders/{id}/cancel");
        await using var seen = await OpenAsync(id, lastEventId: "1");
        await using var current = await OpenAsync(id, lastEventId: "2");

        Assert.Equal("2 cancelled", await seen.NextAsync(1));
        await Database.ExecuteAsync(
            $$"""
            INSERT INTO order_events (order_id, version, type, data, at)
            VALUES ('{{id}}', 3, 'failed', '{"status":"failed","reason":"why"}', now())
            """,
            Cancellation);
        var next = await current.NextAsync();
        Assert.Equal("3", next?.EventId);
        Assert.Equal("why", (string?)JsonNode.Parse(next!.Value.Data)!["reason"]);
    }

    // More than waits for a client at once, in several batches, on two replicas: each of many streams gets all, in order.
    [Fact]
    public async Task Watch_ManyChangesAndStreams_EachGetsAllInOrder()
    {
        const int Changes = 100;
        var id = await InsertAsync("confirmed");
        await using var other = await StartReplicaAsync();
        using var elsewhere = other.CreateClient(Authority.Issue(Customer));
        var streams = new List<EventStreamReader>();
        for (var i = 0; i < 10; i++)
        {
            streams.Add(await EventStreamReader.OpenAsync(i % 2 == 0 ? Client : elsewhere, id, "1", Cancellation));
        }

        for (var version = 2; version <= Changes; version += 9)
        {
            await Database.ExecuteAsync(
                $$"""
                INSERT INTO order_events (order_id, version, type, data, at)
                SELECT '{{id}}', version, 'retried', '{"status":"pending"}', now()
                FROM generate_series({{version}}, {{Math.Min(version + 8, Changes)}}) AS version
                """,
                Cancellation);
        }

        var expected = string.Join(", ", Enumerable.Range(2, Changes - 1).Select(version => $"{version} retried"));
        foreach (var stream in streams)
        {
            Assert.Equal(expected, await stream.NextAsync(Changes - 1));
            await stream.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("1.0")]
    [InlineData("99999999999999999999")]
    [InlineData("1' OR 1=1")]
    public async Task Watch_BadLastEventId_IsRefused(string lastEventId)
    {
        var id = await InsertAsync("confirmed");

        var problem = await AssertProblemAsync(
            await EventStreamReader.SendAsync(Client, id, lastEventId, Cancellation), HttpStatusCode.BadRequest);

        Assert.NotNull(problem["errors"]!["Last-Event-ID"]);
    }

    [Fact]
    public async Task Watch_ForeignOrMissing_AnswersNotFoundExceptForAdmins()
    {
        var id = await Database.InsertAsync(Guid.CreateVersion7(), "confirmed", Cancellation);
        using var admin = CreateAdmin();
        using var nobody = Service.CreateClient();

        await AssertProblemAsync(await EventStreamReader.SendAsync(Client, id, null, Cancellation), HttpStatusCode.NotFound);
        await AssertProblemAsync(await EventStreamReader.SendAsync(Client, Guid.CreateVersion7(), "0", Cancellation), HttpStatusCode.NotFound);
        await AssertProblemAsync(await EventStreamReader.SendAsync(nobody, id, null, Cancellation), HttpStatusCode.Unauthorized);
        await using var stream = await EventStreamReader.OpenAsync(admin, id, null, Cancellation);
        Assert.Equal("1 state", await stream.NextAsync(1));
    }

    [Fact]
    public async Task Watch_NothingHappens_GetsComments()
    {
        await using var replica = await StartReplicaAsync(("OrderEvents:KeepAliveInterval", "00:00:00.050"));
        using var client = replica.CreateClient(Authority.Issue(Customer));
        using var answer = await EventStreamReader.SendAsync(client, await InsertAsync("confirmed"), "1", Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        foreach (var comment in (string[])[": resumed", ": keep-alive", ": keep-alive"])
        {
            Assert.Equal(comment, await reader.ReadLineAsync(Cancellation));
            Assert.Equal("", await reader.ReadLineAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Watch_ReplicaDrains_EndsAndGoesOnElsewhere()
    {
        var id = await InsertAsync("confirmed");
        var replica = await StartReplicaAsync();
        await using (replica)
        {
            using var client = replica.CreateClient(Authority.Issue(Customer));
            await using var stream = await EventStreamReader.OpenAsync(client, id, null, Cancellation);
            Assert.Equal("1 state", await stream.NextAsync(1));

            replica.Services.GetRequiredService<DrainSignal>().Begin();

            Assert.Null(await stream.NextAsync());
            await AssertProblemAsync(
                await EventStreamReader.SendAsync(client, id, "1", Cancellation), HttpStatusCode.ServiceUnavailable);
        }

        await PostAsync(Client, $"/orders/{id}/cancel");
        await using var resumed = await OpenAsync(id, lastEventId: "1");
        Assert.Equal("2 cancelled", await resumed.NextAsync(1));
    }

    [Fact]
    public async Task Watch_TokenEnds_EndsAndGoesOnWithAnother()
    {
        await using var replica = await StartReplicaAsync(("Access:ClockSkew", "00:00:00"), ("OrderEvents:KeepAliveInterval", "00:10:00"));
        var id = await InsertAsync("confirmed");
        var (client, stream) = await OpenWithTokenThatEndsAsync(replica, id);
        using var disposeClient = client;
        await using var disposeStream = stream;

        Assert.Null(await stream.NextAsync());
        await PostAsync(Client, $"/orders/{id}/cancel");
        await AssertProblemAsync(await EventStreamReader.SendAsync(client, id, "1", Cancellation), HttpStatusCode.Unauthorized);
        using var renewed = replica.CreateClient(Authority.Issue(Customer));
        await using var resumed = await EventStreamReader.OpenAsync(renewed, id, "1", Cancellation);
        Assert.Equal("2 cancelled", await resumed.NextAsync(1));
    }

    [Fact]
    public async Task Watch_TooManyStreams_IsRefusedUntilOneEnds()
    {
        await using var replica = await StartReplicaAsync(("OrderEvents:MaxStreams", "1"));
        using var client = replica.CreateClient(Authority.Issue(Customer));
        var id = await InsertAsync("confirmed");
        await using (await EventStreamReader.OpenAsync(client, id, null, Cancellation))
        {
            await AssertProblemAsync(
                await EventStreamReader.SendAsync(client, id, null, Cancellation), HttpStatusCode.ServiceUnavailable);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await EventStreamReader.SendAsync(client, id, null, Cancellation);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the place is free again");
    }

    // On a busy machine a token may have ended before its stream begins: then with another.
    private async Task<(HttpClient Client, EventStreamReader Stream)> OpenWithTokenThatEndsAsync(ServiceReplica<SigningKeyCopy> replica, Guid id)
    {
        var patience = Patience.Token;
        while (true)
        {
            var client = replica.CreateClient(Authority.Issue(Customer, lifetime: TimeSpan.FromSeconds(4)));
            try
            {
                var stream = await EventStreamReader.OpenAsync(client, id, null, patience);
                if (await stream.NextAsync(1) == "1 state")
                {
                    return (client, stream);
                }

                await stream.DisposeAsync();
            }
            catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.Unauthorized)
            {
            }

            client.Dispose();
        }
    }

    private Task<EventStreamReader> OpenAsync(Guid id, string? lastEventId = null) =>
        EventStreamReader.OpenAsync(Client, id, lastEventId, Cancellation);
}
