using System.Net;
using Npgsql;

namespace HighAvail.Tests.OrderService.Orders;

public sealed class RacingChangesTests(OrderServiceFixture fixture) : OrderServiceTest(fixture)
{
    [Fact]
    public async Task CancelAndShip_AtOnceWithTwoKeysOnTwoReplicas_OneIsDoneAndOneRefused()
    {
        await using var other = await StartReplicaAsync();
        using var admin = other.CreateClient(Authority.Issue(Guid.CreateVersion7(), role: "admin"));
        for (var round = 0; round < 20; round++)
        {
            var id = await InsertAsync("confirmed");
            string[] keys = [$"cancel-{id}", $"ship-{id}"];
            string[] paths = [$"/orders/{id}/cancel", $"/orders/{id}/ship"];

            var answers = await Task.WhenAll(
                RideOutAsync(() => PostAsync(Client, paths[0], keys[0])), RideOutAsync(() => PostAsync(admin, paths[1], keys[1])));

            var winner = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.OK);
            var loser = 1 - winner;
            Assert.Equal(HttpStatusCode.Conflict, answers[loser].StatusCode);
            Assert.Equal($"1 placed, 2 {(winner == 0 ? "cancelled" : "shipped")}", await Database.EventsAsync(id, Cancellation));
            // What did not happen has no stored answer: asked again it is refused again.
            var again = await PostAsync(loser == 0 ? Client : admin, paths[loser], keys[loser]);
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
            Assert.True((await PostAsync(winner == 0 ? Client : admin, paths[winner], keys[winner])).Headers.Contains("Idempotency-Replayed"));
        }
    }

    [Fact]
    public async Task Cancel_SameKeyAtOnceOnTwoReplicas_IsDoneOnce()
    {
        var id = await InsertAsync("confirmed");
        await using var other = await StartReplicaAsync();
        using var second = other.CreateClient(Authority.Issue(Customer));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => RideOutAsync(() => PostAsync(i % 2 == 0 ? Client : second, $"/orders/{id}/cancel", "same"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync(Cancellation)))).Distinct());
        Assert.Equal("1 placed, 2 cancelled", await Database.EventsAsync(id, Cancellation));
    }

    [Fact]
    public async Task Cancel_ShippedBetweenReadAndWrite_IsRefusedAndStoresNothing()
    {
        var id = await InsertAsync("confirmed");

        var answer = await CancelWhileChangingAsync(id, "UPDATE orders SET status = 'shipped', version = 2 WHERE id = $1");

        await AssertProblemAsync(answer, HttpStatusCode.Conflict);
        Assert.Equal("1 placed", await Database.EventsAsync(id, Cancellation));
        var again = await PostAsync(Client, $"/orders/{id}/cancel", $"cancel-{id}");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task Cancel_ConfirmedBetweenReadAndWrite_IsDecidedAnew()
    {
        var id = await InsertAsync("pending");

        var answer = await CancelWhileChangingAsync(
            id,
            """
            WITH changed AS (UPDATE orders SET status = 'confirmed', version = 2 WHERE id = $1)
            INSERT INTO order_events (order_id, version, type, data, at) VALUES ($1, 2, 'confirmed', '{"status":"confirmed"}', now())
            """);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("\"3\"", answer.Headers.ETag?.Tag);
        Assert.Equal("1 placed, 2 confirmed, 3 cancelled", await Database.EventsAsync(id, Cancellation));
    }

    // An attempt is counted without a new version: the answer that was made still holds.
    [Fact]
    public async Task Cancel_AttemptCountedBetweenReadAndWrite_IsDone()
    {
        var id = await InsertAsync("pending");

        var answer = await CancelWhileChangingAsync(id, "UPDATE orders SET attempts = 5 WHERE id = $1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("1 placed, 2 cancelled", await Database.EventsAsync(id, Cancellation));
        Assert.Equal(5, await Database.QueryAsync<int>($"SELECT attempts FROM orders WHERE id = '{id}' AND status = 'cancelled'", Cancellation));
    }

    [Fact]
    public async Task Cancel_SomebodyHoldsTheOrder_Answers503AfterASecondAndStoresNothing()
    {
        var id = await InsertAsync("confirmed");
        await using var connection = await Database.DataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, "SELECT 1 FROM orders WHERE id = $1 FOR UPDATE", id);

        await AssertProblemAsync(await PostAsync(Client, $"/orders/{id}/cancel", "held"), HttpStatusCode.ServiceUnavailable);

        await transaction.RollbackAsync(Cancellation);
        var again = await PostAsync(Client, $"/orders/{id}/cancel", "held");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.False(again.Headers.Contains("Idempotency-Replayed"));
    }

    // Somebody's change is under way while the order is read, and commits when the request waits for the row.
    private async Task<HttpResponseMessage> CancelWhileChangingAsync(Guid id, string change)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(connection, change, id);
        var answer = PostAsync(Client, $"/orders/{id}/cancel", $"cancel-{id}");
        await Eventually.TrueAsync(
            async () => await Database.QueryAsync<bool>(
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {connection.ProcessID} = ANY (pg_blocking_pids(pid)))", Cancellation),
            "the request waits for the row");
        await transaction.CommitAsync(Cancellation);
        return await answer;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, Guid id)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
