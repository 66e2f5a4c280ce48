using System.Security.Cryptography.X509Certificates;
using HighAvail.Tests.Hosting.Networking;

namespace HighAvail.Tests.Hosting;

/// <summary>The command that makes a person's programs trust the system, in a home of its own.</summary>
public sealed class TrustTests : IDisposable
{
    private readonly AppHostState _state = new();
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Cancelled => Patience.Token;

    public void Dispose()
    {
        _state.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Trust_FreshFolderThenUndo_ChangesTheUsersOwnStoreAndSaysWhatItCannot()
    {
        var trusted = await TrustAsync();
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_state.Path, "pki", "ca.crt"));
        var stored = Store();
        var undone = await TrustAsync("--undo");
        var again = await TrustAsync("--undo");

        Assert.Contains($"{authority.Subject[3..]}, in {_state.Path}/pki/ca.crt\nIt can vouch for nothing but this machine's own names: ", trusted, StringComparison.Ordinal);
        Assert.Contains("localhost", trusted, StringComparison.Ordinal);
        Assert.Contains("  .NET programs: trusted\n", trusted, StringComparison.Ordinal);
        Assert.Contains($"  browsers: none has a profile in {_home.Path}\n", trusted, StringComparison.Ordinal);
        Assert.Contains("  curl, openssl, other languages: not changed: it takes root", trusted, StringComparison.Ordinal);
        Assert.Equal(authority.Thumbprint, Assert.Single(stored).Thumbprint);
        Assert.Contains("  .NET programs: not trusted any more\n", undone, StringComparison.Ordinal);
        Assert.Contains("  .NET programs: was not trusted\n", again, StringComparison.Ordinal);
        Assert.Empty(Store());
    }

    [Fact]
    public async Task Undo_AuthorityIsGoneOrAnotherOne_RemovesAllAndMakesNone()
    {
        var pki = Path.Combine(_state.Path, "pki");
        await TrustAsync();
        Directory.Delete(pki, recursive: true);
        await TrustAsync();
        Directory.Delete(pki, recursive: true);
        var stored = Store();

        var undone = await TrustAsync("--undo");

        Assert.Equal(2, stored.Length);
        Assert.Contains("  .NET programs: not trusted any more\n", undone, StringComparison.Ordinal);
        Assert.Empty(Store());
        Assert.False(Directory.Exists(pki));
    }

    [Fact]
    public async Task Trust_BrowserWithAProfile_IsToldToo()
    {
        Tool.SkipUnlessPresent("certutil");
        var store = Directory.CreateDirectory(_home.File(".pki/nssdb")).FullName;
        await CertUtilAsync("-N", "-d", $"sql:{store}", "--empty-password");

        await TrustAsync();

        // As after ten years: the same name, another certificate.
        File.Delete(Path.Combine(_state.Path, "pki", "ca.crt"));
        var trusted = await TrustAsync();
        var listed = await CertUtilAsync("-L", "-d", $"sql:{store}");
        var undone = await TrustAsync("--undo");
        var again = await TrustAsync("--undo");

        Assert.Contains($"  the browser of {store}: trusted\n", trusted, StringComparison.Ordinal);
        Assert.Matches(@"HighAvail development authority [0-9A-F]{8} +C,,", listed);
        Assert.Contains($"  the browser of {store}: not trusted any more\n", undone, StringComparison.Ordinal);
        Assert.Contains($"  the browser of {store}: was not trusted\n", again, StringComparison.Ordinal);
    }

    private async Task<string> TrustAsync(params string[] options)
    {
        using var host = await AppHostProcess.CommandAsync(_state, start => start.Environment["HOME"] = _home.Path, Cancelled, ["trust", .. options]);
        var output = await host.OutputAsync(Cancelled);
        Assert.True(host.ExitCode == 0, output);
        return output + "\n";
    }

    private X509Certificate2[] Store()
    {
        var folder = _home.File(".dotnet/corefx/cryptography/x509stores/root");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(f => X509CertificateLoader.LoadPkcs12FromFile(f, null))] : [];
    }

    private static async Task<string> CertUtilAsync(params string[] arguments)
    {
        var (exitCode, output) = await Tool.RunAsync("certutil", arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
