using System.Net.Security;
using Npgsql;

namespace HighAvail.Drill.Bench.Floor;

/// <summary>The floor, as its clients see it.</summary>
internal sealed class FloorProcess : IAsyncDisposable
{
    private readonly BenchServer _server;

    private FloorProcess(BenchServer server) => _server = server;

    public Uri Http => new(_server.Said[0]);

    public Uri Https => new(_server.Said[1]);

    /// <param name="database">Where its tables are made.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FloorProcess> StartAsync(string database, CancellationToken cancellationToken)
    {
        await using (var dataSource = NpgsqlDataSource.Create(database))
        await using (var tables = dataSource.CreateCommand(FloorServer.Tables))
        {
            await tables.ExecuteNonQueryAsync(cancellationToken);
        }

        return new FloorProcess(await BenchServer.StartAsync(
            BenchCommand.FloorVerb, new Dictionary<string, string> { [FloorServer.Database] = database }, cancellationToken));
    }

    public HttpClient CreateClient(Uri address, int clients) =>
        JsonRequests.CreateClient(address, clients, new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _server.Said[2],
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
