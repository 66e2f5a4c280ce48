using System.CommandLine;
using System.Text.RegularExpressions;
using HighAvail.Drill.Bench;
using HighAvail.Hosting.Orchestration;
using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Tests.Hosting;

namespace HighAvail.Tests.Drill.Bench;

[Collection(nameof(WholeMachine))]
public sealed class BenchCommandTests
{
    [Fact]
    public async Task Bench_OneShortRound_MeasuresTheWholeSystem()
    {
        await using var bench = await TestProcess.StartAsync(new ProcessSpec(
            "dotnet",
            [typeof(BenchCommand).Assembly.Location, "bench", "place", "--rounds", "1", "--warm-up", "1", "--duration", "1", "--clients", "2"],
            Path.GetTempPath(),
            NativeTool.Environment));

        var exitCode = await bench.Exited;

        // A busy machine may be too slow for a request; then the figures say so and count for nothing.
        var isSound = !Regex.IsMatch(bench.Output, @"\| [1-9]\d* \|\s*$", RegexOptions.Multiline);
        Assert.True(exitCode == (isSound ? 0 : 1), bench.Output);
        Assert.Matches(@"\| floor: one INSERT over HTTP \| \d+ \(\d+–\d+\) \| 1\.00 .*\| \d+ \|", bench.Output);
        Assert.Matches(@"The same at a steady \d+ orders a second, of which \d+ were not placed: \d+ ms", bench.Output);
        Assert.Matches(@"\| through the gateway, telemetry exported \| \d+ .*\| \d+ \|", bench.Output);
    }

    [Theory]
    [InlineData("bench nothing", "nothing")]
    [InlineData("bench --rounds 0", "--rounds must be between 1 and 10000.")]
    [InlineData("bench --clients many", "many")]
    public void Parse_BadInput_SaysWhatIsWrong(string commandLine, string expected)
    {
        var parsed = new RootCommand { BenchCommand.Create() }.Parse(commandLine);

        Assert.Contains(expected, Assert.Single(parsed.Errors).Message, StringComparison.Ordinal);
    }
}
