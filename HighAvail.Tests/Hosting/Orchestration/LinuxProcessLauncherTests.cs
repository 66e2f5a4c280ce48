using System.Globalization;
using HighAvail.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting.Orchestration;

public class LinuxProcessLauncherTests
{
    private readonly LinuxProcessLauncher _launcher = new(TimeProvider.System);

    public LinuxProcessLauncherTests() => Assert.SkipUnless(LinuxProcessLauncher.IsSupported, "setsid and setpriv are needed");

    [Fact]
    public async Task Start_Program_HasItsOwnIdSessionAndGroupAndOnlyTheGivenEnvironment()
    {
        var program = await ShellProgram.StartAsync(
            _launcher,
            "echo pid=$$; cut -d' ' -f5,6 /proc/$$/stat; tr '\\0' '\\n' </proc/$$/environ; cat; echo eof");

        Assert.Equal(0, await program.ExitCodeAsync());
        var id = program.Process.Id.ToString(CultureInfo.InvariantCulture);
        Assert.Equal("pid=" + id, program.Lines.First());
        Assert.Equal([id, id], program.Lines.ElementAt(1).Split(' '));
        Assert.Equal(["GREETING", "PATH"], program.Lines.Skip(2).SkipLast(1).Select(line => line.Split('=')[0]).Order());
        Assert.Equal("eof", program.Lines.Last());
    }

    [Fact]
    public async Task Start_ManyAtOnce_LeavesNoZombieAndNoDescriptor()
    {
        var before = Pipes();

        var programs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ShellProgram.StartAsync(_launcher, "echo one")));
        foreach (var program in programs)
        {
            Assert.Equal(0, await program.ExitCodeAsync());
            Assert.Equal(["one"], program.Lines);
            Assert.False(Directory.Exists($"/proc/{program.Process.Id}"));
        }

        // Each would have left at least two; tests beside this one hold a few, for a while.
        await Eventually.TrueAsync(() => Pipes() <= before + 30);

        static int Pipes() => new DirectoryInfo("/proc/self/fd").EnumerateFiles()
            .Count(f => f.LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Kill_Grandchildren_GoWithTheGroup()
    {
        var program = await ShellProgram.StartAsync(_launcher, "sleep 600 & echo child=$!; wait");
        var child = int.Parse(await program.LineAsync("child="), CultureInfo.InvariantCulture);

        program.Process.Signal(StopSignal.Kill);

        Assert.Equal(137, await program.ExitCodeAsync());
        await Eventually.TrueAsync(() => !LinuxProcesses.IsRunning(child), "the grandchild is gone");
    }

    [Fact]
    public async Task Pause_Descendants_FreezeAndGoOnEvenThoseThatLeftTheGroup()
    {
        var program = await ShellProgram.StartAsync(_launcher, "setsid sleep 600 & echo child=$!; exec sleep 601");
        var child = int.Parse(await program.LineAsync("child="), CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => LinuxProcesses.CommandLine(child).StartsWith("sleep", StringComparison.Ordinal), "the child has a group of its own");

        program.Process.Pause();

        await Eventually.TrueAsync(() => IsStopped(program.Process.Id) && IsStopped(child), "both are frozen");
        program.Process.Resume();
        await Eventually.TrueAsync(() => !IsStopped(program.Process.Id) && !IsStopped(child), "both go on");
        program.Process.Pause();
        program.Process.Signal(StopSignal.Kill);
        Assert.Equal(137, await program.ExitCodeAsync());
        await Eventually.TrueAsync(() => !IsStopped(child), "the one that left the group goes on");
        LinuxProcesses.Kill(child);

        static bool IsStopped(int id) => LinuxProcesses.Field(id, "State:")?.StartsWith('T') == true;
    }

    [Fact]
    public async Task Terminate_Paused_GoesOnToStop()
    {
        var program = await ShellProgram.StartAsync(_launcher, "trap 'echo tidied; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
        await program.LineAsync("ready");
        program.Process.Pause();

        program.Process.Signal(StopSignal.Terminate);

        Assert.Equal(3, await program.ExitCodeAsync());
        Assert.Contains("tidied", program.Lines);
    }

    [Fact]
    public async Task Terminate_Grandchildren_AreLeftToTheProcess()
    {
        var program = await ShellProgram.StartAsync(
            _launcher,
            "sleep 600 & child=$!; trap 'kill -0 $child && echo alive; exit 0' TERM; echo ready; while :; do wait; done");
        await program.LineAsync("ready");

        program.Process.Signal(StopSignal.Terminate);

        Assert.Equal(0, await program.ExitCodeAsync());
        Assert.Contains("alive", program.Lines);
    }

    [Fact]
    public async Task Exit_ChildrenLeftBehind_AreKilled()
    {
        var program = await ShellProgram.StartAsync(_launcher, "sleep 600 & echo child=$!; exit 4");

        Assert.Equal(4, await program.ExitCodeAsync());
        var child = int.Parse(await program.LineAsync("child="), CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => !LinuxProcesses.IsRunning(child), "the grandchild is gone");
    }

    [Fact]
    public async Task Exit_GrandchildInAnotherSessionKeepsTheOutputOpen_IsSeenAtOnce()
    {
        // The script waits until the grandchild has left its group, which is killed when it exits.
        var program = await ShellProgram.StartAsync(
            _launcher,
            "setsid sleep 600 & while [ \"$(cut -d' ' -f5 /proc/$!/stat)\" != $! ]; do :; done; echo child=$!; exit 4");

        Assert.Equal(4, await program.ExitCodeAsync());
        var child = int.Parse(Assert.Single(program.Lines)["child=".Length..], CultureInfo.InvariantCulture);
        Assert.True(LinuxProcesses.IsRunning(child));
        Libc.Signal(child, StopSignal.Kill);
    }

    [Fact]
    public async Task RunAs_FromRoot_ChangesUserAndGroups()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may change the user");
        var program = await ShellProgram.StartAsync(_launcher, ShellProgram.Spec("id -un; id -gn; id -Gn") with { RunAs = "nobody" });

        Assert.Equal(0, await program.ExitCodeAsync());
        Assert.Equal("nobody", program.Lines.First());
        Assert.DoesNotContain("root", program.Lines);
    }

    [Fact]
    public async Task RunAs_UnknownUser_SaysWhatToDo()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may change the user");

        var exception = await Assert.ThrowsAsync<ProcessStartException>(
            () => ShellProgram.StartAsync(_launcher, ShellProgram.Spec("true") with { RunAs = "nosuchuser" }));

        Assert.Contains("useradd --system nosuchuser", exception.Message, StringComparison.Ordinal);
    }
}
