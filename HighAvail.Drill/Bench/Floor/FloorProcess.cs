using System.Diagnostics;
using System.Net.Security;
using Npgsql;

namespace HighAvail.Drill.Bench.Floor;

/// <summary>The floor in a process of its own, as every service has one.</summary>
internal sealed class FloorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private readonly string _certificate;

    private FloorProcess(Process process, Uri http, Uri https, string certificate) =>
        (_process, Http, Https, _certificate) = (process, http, https, certificate);

    public Uri Http { get; }

    public Uri Https { get; }

    /// <param name="database">Where its tables are made.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FloorProcess> StartAsync(string database, CancellationToken cancellationToken)
    {
        await using (var dataSource = NpgsqlDataSource.Create(database))
        await using (var tables = dataSource.CreateCommand(FloorServer.Tables))
        {
            await tables.ExecuteNonQueryAsync(cancellationToken);
        }

        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { Environment.GetCommandLineArgs()[0], BenchCommand.FloorVerb },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [FloorServer.Database] = database },
        };
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.RemoveAt(0);
        }

        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith(FloorServer.Ready, StringComparison.Ordinal))
                {
                    var said = line[FloorServer.Ready.Length..].Split(' ');
                    return new FloorProcess(process, new Uri(said[0]), new Uri(said[1]), said[2]);
                }
            }

            throw new InvalidOperationException("The floor server did not start.");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public HttpClient CreateClient(Uri address, int clients) =>
        JsonRequests.CreateClient(address, clients, new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate,
        });

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
