using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Networking;

/// <summary>Makes a user's programs trust an authority. Nothing that belongs to the whole machine is changed; how to do that is only said.</summary>
/// <param name="authority">The authority's certificate.</param>
/// <param name="path">Its file.</param>
/// <param name="home">The user's home, where browsers keep what they trust.</param>
internal sealed class UserTrust(X509Certificate2 authority, string path, string home)
{
    private const string DotNet = ".NET programs";

    // Where Chromium and its like look, and where Firefox keeps a store per profile.
    private static readonly string[] _stores = [".pki/nssdb", "snap/chromium/current/.pki/nssdb"];
    private static readonly string[] _profiles = [".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"];

    private string Name => authority.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    /// <summary>Adds the authority wherever that takes no more rights than the user has.</summary>
    public async Task<IReadOnlyList<TrustOutcome>> AddAsync(CancellationToken cancellationToken) =>
    [
        InDotNetStore(store =>
        {
            store.Add(authority);
            return "trusted";
        }),
        .. await InBrowsersAsync(["-A", "-t", "C,,", "-i", path], "trusted", cancellationToken),
        .. Machine($"not changed: it takes root, for all users. {SystemCommand()}Or give curl --cacert {path}"),
    ];

    /// <summary>Removes it, also the certificates that it had before it was renewed.</summary>
    public async Task<IReadOnlyList<TrustOutcome>> RemoveAsync(CancellationToken cancellationToken) =>
    [
        InDotNetStore(store =>
        {
            var found = store.Certificates.Where(c => c.Subject == authority.Subject).ToArray();
            foreach (var certificate in found)
            {
                store.Remove(certificate);
            }

            return found.Length > 0 ? "not trusted any more" : "was not trusted";
        }),
        .. await InBrowsersAsync(["-D"], "not trusted any more", cancellationToken),
        .. Machine("not changed: who told the system to trust it has to undo that there"),
    ];

    private static TrustOutcome InDotNetStore(Func<X509Store, string> change)
    {
        try
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
            return new(DotNet, change(store));
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new(DotNet, $"not changed: {exception.Message}");
        }
    }

    private async Task<IReadOnlyList<TrustOutcome>> InBrowsersAsync(string[] command, string done, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var outcomes = new List<TrustOutcome>();
        foreach (var store in Stores())
        {
            try
            {
                await NativeTool.RunAsync(null, "certutil", [command[0], "-d", $"sql:{store}", "-n", Name, .. command[1..]], null, cancellationToken);
                outcomes.Add(new($"the browser of {store}", done));
            }
            catch (NativeToolException exception)
            {
                outcomes.Add(new($"the browser of {store}", Explain(exception)));
            }
        }

        return outcomes.Count > 0 ? outcomes : [new("browsers", $"none has a profile in {home}")];
    }

    // The exit code that stands for "there is no such certificate" stands for other things as well; only its text is clear.
    private static string Explain(NativeToolException exception) => exception switch
    {
        { InnerException: not null } => "not changed: certutil is missing. Install it (Debian: libnss3-tools, Fedora: nss-tools) and repeat",
        _ when exception.Message.Contains("could not find certificate", StringComparison.OrdinalIgnoreCase) => "was not trusted",
        _ => $"not changed: {exception.Message}",
    };

    private IEnumerable<string> Stores() => _stores.Select(s => Path.Combine(home, s))
        .Concat(_profiles.Select(p => Path.Combine(home, p)).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        .Where(s => File.Exists(Path.Combine(s, "cert9.db")));

    // On Windows, programs of the system share the store of .NET.
    private static IEnumerable<TrustOutcome> Machine(string result) => OperatingSystem.IsWindows() ? [] : [new("curl, openssl, other languages", result)];

    private string SystemCommand()
    {
        if (OperatingSystem.IsMacOS())
        {
            return $"security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {path}   ";
        }

        if (Directory.Exists("/usr/local/share/ca-certificates"))
        {
            return $"sudo cp {path} /usr/local/share/ca-certificates/highavail.crt && sudo update-ca-certificates   ";
        }

        return Directory.Exists("/etc/pki/ca-trust/source/anchors")
            ? $"sudo cp {path} /etc/pki/ca-trust/source/anchors/highavail.crt && sudo update-ca-trust   "
            : string.Empty;
    }
}
