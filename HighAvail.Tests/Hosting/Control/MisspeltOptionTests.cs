using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class MisspeltOptionTests
{
    [Theory]
    [InlineData("Unknown option '--isolatd'. Did you mean '--isolated'?", "--isolatd")]
    [InlineData("Unknown option '--isolatde'. Did you mean '--isolated'?", "--x=1", "--isolatde=mine")]
    [InlineData("Unknown option '--reset-dta'. Did you mean '--reset-data'?", "--reset-dta", "--yes")]
    [InlineData("Unknown option '--hlep'. Did you mean '--help'?", "--hlep")]
    [InlineData("Unknown option '--HighAvail:StateDirectry'. Did you mean '--HighAvail:StateDirectory'?", "--HighAvail:StateDirectry=/x")]
    [InlineData("Unknown option '--highavail:UseInstalledServer'. Did you mean '--HighAvail:UseInstalledServers'?", "--highavail:UseInstalledServer", "false")]
    [InlineData(null, "--HighAvail:StateDirectory=/x", "--highavail:redis:path", "/x")]
    [InlineData(null, "--DcpPublisher:RandomizePorts=true", "--environment=Development", "--profile", "ha", "--edge", "haproxy", "isolatd")]
    [InlineData(null, "--publisher", "manifest", "--output-path", "/x", "--operation", "publish", "--step", "x")]
    [InlineData(null)]
    public void Describe_Options_TellsTheMisspeltOnesOfTheHost(string? expected, params string[] args) => Assert.Equal(expected, MisspeltOption.Describe(args));

    [Fact]
    public async Task Start_WithAMisspeltOption_StartsNothingAndSaysWhich()
    {
        using var host = await AppHostProcess.StartAsync(Patience.Token, "--isolatd");

        var output = await host.OutputAsync(Patience.Token);

        Assert.Equal(1, host.ExitCode);
        Assert.Equal("error: Unknown option '--isolatd'. Did you mean '--isolated'?", output);
    }
}
