using HighAvail.OrderService.Access;
using HighAvail.Tests.OrderService;

namespace HighAvail.Tests.ServiceDefaults.Idempotency;

/// <summary>Stored answers, in the database of a service that cleans them up.</summary>
public sealed class KeyCleanUpTests(SharedPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // More than are deleted at once.
    [Fact]
    public async Task CleanUp_AnswersOfMoreThanADay_AreDeletedAndOthersStay()
    {
        await using var database = await OrderDatabase.CreateAsync(await postgres.GetAsync(Cancellation), Cancellation);
        await InsertAsync(database, 2_500, "24 hours 1 minute");
        await InsertAsync(database, 3, "23 hours 59 minutes");

        await using var service = await ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", database.ConnectionString),
            ("services:users:http:0", "http://127.0.0.1:1"),
            ("Idempotency:CleanUpInterval", "00:00:00.100"));

        await Eventually.TrueAsync(async () => await CountAsync(database, "<") == 0, "what is older than a day is gone");
        Assert.Equal(3, await CountAsync(database, ">"));
    }

    private static Task<int> InsertAsync(OrderDatabase database, int count, string age) => database.ExecuteAsync(
        $"""
        INSERT INTO idempotency_keys (scope, request, status, body, created_at)
        SELECT gen_random_uuid()::text::bytea, '', 204, '', now() - interval '{age}' FROM generate_series(1, {count})
        """,
        Cancellation);

    private static Task<long> CountAsync(OrderDatabase database, string than) => database.QueryAsync<long>(
        $"SELECT count(*) FROM idempotency_keys WHERE created_at {than} now() - interval '1 day'", Cancellation);
}
