using HighAvail.Hosting.Control;

namespace HighAvail.Tests.Hosting.Control;

public class HostInvocationTests
{
    [Theory]
    [InlineData("/src", "/src/App/bin/Debug/net10.0", "dotnet run --project App --no-build -- ps")]
    [InlineData("/src", "/src/App/bin/Release/net10.0", "dotnet run --project App --no-build -c Release -- ps")]
    [InlineData("/src/App", "/src/App/bin/Debug/net10.0", "dotnet run --no-build -- ps")]
    [InlineData("/src/Tests", "/src/App/bin/Debug/net10.0", "dotnet run --project ../App --no-build -- ps")]
    public void Of_AFolderAndABuild_IsWhatToTypeThere(string currentDirectory, string baseDirectory, string expected) =>
        Assert.Equal(expected, HostInvocation.Of("/src/App", currentDirectory, baseDirectory, "ps"));

    [Theory]
    [InlineData(true, "ps")]
    [InlineData(true, "--help")]
    [InlineData(true, "logs", "users", "-f")]
    [InlineData(false, "--profile", "ha")]
    [InlineData(false, "Parameters:x=1")]
    [InlineData(false, "/x=1")]
    [InlineData(false)]
    public void Parse_ACommandLine_TellsCommandsFromConfiguration(bool isVerb, params string[] args)
    {
        var parsed = HostArguments.Parse(args);

        Assert.Equal(isVerb ? args : [], parsed.Verb);
        Assert.Equal(isVerb ? [] : args, parsed.Configuration);
    }

    [Theory]
    [InlineData("mine", new[] { "logs", "users", "--isolated=mine" }, new[] { "logs", "users" }, new string[0])]
    [InlineData("", new[] { "--isolated", "--x=1" }, new string[0], new[] { "--x=1" })]
    [InlineData(null, new[] { "--HighAvail:StateDirectory=/x", "reset-data", "--yes" }, new[] { "reset-data", "--yes" }, new[] { "--HighAvail:StateDirectory=/x" })]
    [InlineData(null, new[] { "--reset-data", "--yes" }, new[] { "reset-data", "--yes" }, new string[0])]
    [InlineData(null, new[] { "logs", "users", "--HighAvail:StateDirectory=/x", "-f" }, new[] { "logs", "users", "-f" }, new[] { "--HighAvail:StateDirectory=/x" })]
    [InlineData(null, new[] { "--HighAvail:StateDirectory", "/x" }, new string[0], new[] { "--HighAvail:StateDirectory", "/x" })]
    public void Parse_OptionsOfTheHost_AreTakenOut(string? isolation, string[] args, string[] verb, string[] configuration)
    {
        var parsed = HostArguments.Parse(args);

        Assert.Equal(isolation, parsed.Isolation);
        Assert.Equal(verb, parsed.Verb);
        Assert.Equal(configuration, parsed.Configuration);
    }

    [Theory]
    [InlineData("/src/App/.highavail", null, "-- reset-data")]
    [InlineData("/src/App/.highavail/isolated/1", "1", "-- --isolated=1 reset-data")]
    [InlineData("/state", null, "-- reset-data --HighAvail:StateDirectory=/state")]
    [InlineData("/my state/isolated/1", "1", "-- --isolated=1 reset-data '--HighAvail:StateDirectory=/my state'")]
    public void Of_AStateFolder_MeansThatOne(string state, string? isolation, string expected) =>
        Assert.EndsWith(expected, HostInvocation.Of(new("/src/App", state, isolation), HostArguments.ResetData), StringComparison.Ordinal);

    [Fact]
    public void Beside_AnInstanceElsewhere_HasItsStateThereToo() => Assert.EndsWith(
        "-- --isolated --HighAvail:StateDirectory=/state", HostInvocation.Beside(new("/src/App", "/state/isolated/1", "1")), StringComparison.Ordinal);
}
