using HighAvail.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HighAvail.Tests.Hosting.Orchestration;

/// <summary>What every launcher does, on every system that has a shell.</summary>
public class ProcessLauncherTests
{
    // However long it takes until what was printed is read.
    private readonly FakeTimeProvider _standsStill = new();

    public ProcessLauncherTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "a POSIX shell is needed");

    private static IProcessLauncher Launcher(bool plain, TimeProvider? time = null) =>
        plain ? new PlainProcessLauncher(time ?? TimeProvider.System) : ProcessLauncher.Create(TimeProvider.System, NullLogger.Instance);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_Output_ComesInOrderAndCompletely(bool plain)
    {
        var program = await ShellProgram.StartAsync(
            Launcher(plain, _standsStill),
            "i=0; while [ $i -lt 2000 ]; do echo $i; i=$((i+1)); done; echo oops >&2; printf end");

        Assert.Equal(0, await program.ExitCodeAsync());
        Assert.Equal([.. Enumerable.Range(0, 2000).Select(i => $"{i}"), "end"], program.Lines);
        Assert.Equal((true, "oops"), Assert.Single(program.Output, line => line.IsError));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_LineOfAMegabyte_ComesInPieces(bool plain)
    {
        var program = await ShellProgram.StartAsync(Launcher(plain, _standsStill), "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after");

        Assert.Equal(0, await program.ExitCodeAsync());
        Assert.Equal(1_000_000, program.Lines.SkipLast(1).Sum(line => line.Length));
        Assert.All(program.Lines, line => Assert.InRange(line.Length, 1, LineSplitter.MaxLineLength));
        Assert.Equal("after", program.Lines.Last());
    }

    [Theory]
    [InlineData(true, "exit 7", 7)]
    [InlineData(false, "exit 7", 7)]
    [InlineData(true, "kill -SEGV $$", 139)]
    [InlineData(false, "kill -SEGV $$", 139)]
    public async Task Exit_CodeOrSignal_IsToldAsShellsDo(bool plain, string script, int expected)
    {
        var program = await ShellProgram.StartAsync(Launcher(plain), script);

        Assert.Equal(expected, await program.ExitCodeAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signal_EachKind_ArrivesAsItself(bool plain)
    {
        var program = await ShellProgram.StartAsync(
            Launcher(plain),
            "trap 'echo INT' INT; trap 'echo QUIT' QUIT; trap 'echo TERM' TERM; echo ready; while :; do sleep 0.05; done");
        await program.LineAsync("ready");

        program.Process.Signal(StopSignal.Interrupt);
        await program.LineAsync("INT");
        program.Process.Signal(StopSignal.Quit);
        await program.LineAsync("QUIT");
        program.Process.Signal(StopSignal.Terminate);
        await program.LineAsync("TERM");
        Assert.False(program.Process.Exited.IsCompleted);

        program.Process.Signal(StopSignal.Kill);
        Assert.Equal(137, await program.ExitCodeAsync());
        program.Process.Signal(StopSignal.Kill);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_WhatCannotBeStarted_SaysWhatToDo(bool plain)
    {
        var notExecutable = Path.GetTempFileName();
        try
        {
            async Task<string> MessageAsync(ProcessSpec spec) =>
                (await Assert.ThrowsAsync<ProcessStartException>(() => ShellProgram.StartAsync(Launcher(plain), spec))).Message;

            var spec = ShellProgram.Spec("true");
            Assert.Contains("'/no/such' does not exist", await MessageAsync(spec with { FileName = "/no/such" }), StringComparison.Ordinal);
            Assert.Contains("not found in PATH", await MessageAsync(spec with { FileName = "no-such-program" }), StringComparison.Ordinal);
            Assert.Contains("chmod +x", await MessageAsync(spec with { FileName = notExecutable }), StringComparison.Ordinal);
            Assert.Contains("working directory", await MessageAsync(spec with { WorkingDirectory = "/no/such" }), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(notExecutable);
        }
    }

    [Fact]
    public async Task Start_NameOnly_IsFoundInThePathOfTheProcess()
    {
        var program = await ShellProgram.StartAsync(Launcher(plain: false), ShellProgram.Spec("echo found") with { FileName = "sh" });

        Assert.Equal(0, await program.ExitCodeAsync());
        Assert.Equal(["found"], program.Lines);
    }
}
