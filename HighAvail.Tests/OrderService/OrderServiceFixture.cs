using HighAvail.OrderService.Access;

namespace HighAvail.Tests.OrderService;

/// <summary>A replica of the Order service with a database and a token authority of its own, for the tests of one class.</summary>
public sealed class OrderServiceFixture(SharedPostgres postgres) : IAsyncLifetime
{
    public TokenAuthority Authority { get; } = new();

    internal SharedPostgres Postgres => postgres;

    internal OrderDatabase Database { get; private set; } = null!;

    internal ServiceReplica<SigningKeyCopy> Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await OrderDatabase.CreateAsync(await postgres.GetAsync(CancellationToken.None), CancellationToken.None);
        await Authority.PublishAsync(Database.ConnectionString, CancellationToken.None);

        // The address of the User service is closed: nothing here needs it.
        Service = await ServiceReplica<SigningKeyCopy>.StartReadyAsync(
            ("ConnectionStrings:ordersdb", Database.ConnectionString), ("services:users:http:0", "http://127.0.0.1:1"));
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
            await Database.DisposeAsync();
        }

        Authority.Dispose();
    }
}
