using Microsoft.Extensions.Configuration;

namespace HighAvail.AppHost.Edge;

/// <summary>What HAProxy reads and writes.</summary>
/// <param name="Folder">The edge's own folder.</param>
/// <param name="Certificate">The public certificate (PEM). Its key is in the same file, or beside it in one that ends with <c>.key</c> instead of <c>.crt</c>.</param>
/// <param name="Authority">Who must have issued the gateways' certificate (PEM).</param>
internal sealed record EdgeFiles(string Folder, string Certificate, string Authority)
{
    /// <summary>The id of the running process, which HAProxy writes.</summary>
    public string ProcessId => Path.Combine(Folder, "haproxy.pid");

    /// <summary>
    /// HAProxy's command line: in the foreground, with a master process. The master takes the signal to read everything anew; when it ends, however, its worker ends.
    /// </summary>
    public string[] Arguments => ["-W", "-db", "-p", ProcessId, "-f", Configuration];

    private string Configuration => Path.Combine(Folder, "haproxy.cfg");

    /// <summary>Those of this app host: its development certificate, unless the settings name others.</summary>
    public static EdgeFiles In(IAspireStore store, IConfiguration settings, string appHostFolder) => new(
        Path.Combine(store.BasePath, "edge"),
        settings["Certificate"] is { } certificate ? Path.GetFullPath(certificate, appHostFolder) : Path.Combine(store.BasePath, "pki", "tls.crt"),
        settings["Authority"] is { } authority ? Path.GetFullPath(authority, appHostFolder) : Path.Combine(store.BasePath, "pki", "ca.crt"));

    /// <summary>Replaces the configuration as a whole: who reads it meanwhile gets the old one or the new one.</summary>
    /// <exception cref="DistributedApplicationException">A certificate is not there.</exception>
    public async Task WriteAsync(HaproxyConfiguration configuration, CancellationToken cancellationToken)
    {
        if (((string[])[Certificate, Authority]).FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new DistributedApplicationException(
                $"The edge needs the certificate {missing}, which does not exist. Name others, seen from the app host's folder, with --Edge:Certificate=FILE.crt (its key beside it in FILE.key) and "
                + "--Edge:Authority=FILE (who issued the gateways'). Where all of them use ASP.NET Core's development certificate, it is both: "
                + "dotnet dev-certs https --export-path HighAvail.AppHost/edge.crt --format Pem --no-password");
        }

        Directory.CreateDirectory(Folder);
        var next = Configuration + ".next";
        await File.WriteAllTextAsync(next, configuration.ToText(), cancellationToken);
        File.Move(next, Configuration, overwrite: true);
    }
}
