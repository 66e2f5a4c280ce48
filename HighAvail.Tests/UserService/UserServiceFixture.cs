using HighAvail.UserService.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.UserService;

/// <summary>A replica of the User service with a database of its own, for the tests of one class.</summary>
public sealed class UserServiceFixture(SharedPostgres postgres) : IAsyncLifetime
{
    public string Database { get; private set; } = null!;

    /// <summary>What <see cref="Service"/> logs, for tests that start it.</summary>
    internal RecordedLogs Logs { get; } = new();

    internal ServiceReplica<SigningKeyStore> Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await postgres.GetAsync(CancellationToken.None);
        Database = await server.CreateDatabaseAsync(CancellationToken.None);
        Service = await StartReplicaAsync(Logs.AddTo, RecordedLogs.Setting);
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }

    internal Task<ServiceReplica<SigningKeyStore>> StartReplicaAsync(params (string Key, string Value)[] settings) =>
        StartReplicaAsync(static _ => { }, settings);

    internal Task<ServiceReplica<SigningKeyStore>> StartReplicaAsync(Action<IServiceCollection> services, params (string Key, string Value)[] settings) =>
        ServiceReplica<SigningKeyStore>.StartReadyAsync(services, [("ConnectionStrings:usersdb", Database), .. settings]);
}
