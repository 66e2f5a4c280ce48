using System.Security.Cryptography;
using System.Text;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Resources.Postgres;

/// <summary>
/// A fresh data folder, made once per user, server build and settings: copying it is several times faster than <c>initdb</c>.
/// It has no password, so nobody can sign in to a copy before it gets one.
/// </summary>
internal sealed class PostgresTemplate(PostgresBinaries binaries, string userName, SystemUser? owner, string cacheDirectory)
{
    private readonly string[] _settings =
    [
        $"--username={userName}",
        "--encoding=UTF8",
        // Bytewise order, as CloudNativePG has by default: it exists on every system, and no update of the C library ever changes it
        // beneath an index, as has happened to other locales. Columns that people read sorted can name an ICU collation.
        "--locale=C",
        "--data-checksums",
        "--auth-host=scram-sha-256",
        // There is no Unix socket; should someone add one, it lets nobody in without a further decision.
        "--auth-local=reject",
    ];

    /// <summary>The template's folder, made if it is not there. Safe against hosts that do the same at the same time.</summary>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        var identity = string.Join('\n', [binaries.Description, binaries.Origin, owner?.Name ?? "", .. _settings]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        var template = Path.Combine(cacheDirectory, $"postgres-{binaries.MajorVersion}-{hash}");
        OwnedFolder.CreateEnterable(cacheDirectory);
        await CompleteFolder.EnsureAsync(template, async temporary =>
        {
            OwnedFolder.Create(temporary, owner);
            await NativeTool.RunAsync(owner, binaries.InitDb, ["--no-sync", "--pgdata", temporary, .. _settings], null, cancellationToken);
            await DataFolderSync.RunAsync(temporary, binaries, owner, cancellationToken);
        });
        return template;
    }
}
