using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HighAvail.Hosting.Control;
using HighAvail.Hosting.Resources.Binaries;

namespace HighAvail.Hosting.Networking;

/// <summary>Makes a user's programs trust an authority. Nothing that belongs to the whole machine is changed; how to do that is only said.</summary>
/// <param name="home">The user's home, where browsers keep what they trust.</param>
internal sealed class UserTrust(string home)
{
    private const string DotNet = ".NET programs";

    // Where Chromium and its like look, and where Firefox keeps a store per profile.
    private static readonly string[] _stores = [".pki/nssdb", "snap/chromium/current/.pki/nssdb"];
    private static readonly string[] _profiles = [".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"];

    /// <summary>Adds an authority wherever that takes no more rights than the user has.</summary>
    /// <param name="authority">The authority's certificate.</param>
    /// <param name="path">Its file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<TrustOutcome>> AddAsync(X509Certificate2 authority, string path, CancellationToken cancellationToken)
    {
        var name = authority.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return
        [
            InDotNetStore(store =>
            {
                store.Add(authority);
                return "trusted";
            }),
            .. await InBrowsersAsync(
                async store =>
                {
                    await CertUtilAsync(store, ["-A", "-n", name, "-t", "C,,", "-i", path], cancellationToken);
                    return "trusted";
                }),
            .. Machine($"not changed: it takes root, for all users. {SystemCommand(ShellArgument.Quote(path))}Or give curl --cacert {ShellArgument.Quote(path)}"),
        ];
    }

    /// <summary>Removes every development authority, also those that were replaced, or whose files were deleted.</summary>
    public async Task<IReadOnlyList<TrustOutcome>> RemoveAsync(CancellationToken cancellationToken) =>
    [
        InDotNetStore(store =>
        {
            var found = store.Certificates.Where(c => c.Subject.StartsWith($"CN={DevelopmentCertificates.AuthorityName}", StringComparison.Ordinal)).ToArray();
            foreach (var certificate in found)
            {
                store.Remove(certificate);
            }

            return Removed(found.Length);
        }),
        .. await InBrowsersAsync(async store =>
        {
            // A name may stand for several certificates, of which each removal takes one.
            var count = 0;
            while (NameIn(await CertUtilAsync(store, ["-L"], cancellationToken)) is { } name)
            {
                await CertUtilAsync(store, ["-D", "-n", name], cancellationToken);
                count++;
            }

            return Removed(count);
        }),
        .. Machine("not changed: who told the system to trust it has to undo that there"),
    ];

    private static string Removed(int count) => count > 0 ? "not trusted any more" : "was not trusted";

    // Each line is a name, blanks, and what it is trusted for.
    private static string? NameIn(string list) => list.Split('\n')
        .Where(line => line.StartsWith(DevelopmentCertificates.AuthorityName, StringComparison.Ordinal))
        .Select(line => line.TrimEnd())
        .Select(line => line[..line.LastIndexOf(' ')].TrimEnd())
        .FirstOrDefault();

    private static Task<string> CertUtilAsync(string store, string[] arguments, CancellationToken cancellationToken) =>
        NativeTool.RunAsync(null, "certutil", [arguments[0], "-d", $"sql:{store}", .. arguments[1..]], null, cancellationToken);

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

    private async Task<IReadOnlyList<TrustOutcome>> InBrowsersAsync(Func<string, Task<string>> changeAsync)
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
                outcomes.Add(new($"the browser of {store}", await changeAsync(store)));
            }
            catch (NativeToolException exception)
            {
                outcomes.Add(new($"the browser of {store}", exception.InnerException is null
                    ? $"not changed: {exception.Message}"
                    : "not changed: certutil is missing. Install it (Debian: libnss3-tools, Fedora: nss-tools) and repeat"));
            }
        }

        return outcomes.Count > 0 ? outcomes : [new("browsers", $"none has a profile in {home}")];
    }

    private IEnumerable<string> Stores() => _stores.Select(s => Path.Combine(home, s))
        .Concat(_profiles.Select(p => Path.Combine(home, p)).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        .Where(s => File.Exists(Path.Combine(s, "cert9.db")));

    // On Windows, programs of the system share the store of .NET.
    private static IEnumerable<TrustOutcome> Machine(string result) => OperatingSystem.IsWindows() ? [] : [new("curl, openssl, other languages", result)];

    private static string SystemCommand(string path)
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
