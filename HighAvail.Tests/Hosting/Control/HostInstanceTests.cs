using System.Diagnostics;
using HighAvail.Hosting.Control;
using HighAvail.Tests.Hosting.Networking;

namespace HighAvail.Tests.Hosting.Control;

public class HostInstanceTests
{
    [Fact]
    public async Task Start_WhileAnotherHostRuns_FailsAndLeavesItAlone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));
        var file = host.File;
        var authority = File.GetLastWriteTimeUtc(Path.Combine(host.Directories.Pki, "ca.crt"));
        await using var second = RunningHost.Build(host.Directories.State, b => b.AddServer("server"));

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => second.StartAsync(TestContext.Current.CancellationToken));
        await second.DisposeAsync();

        Assert.Contains($"running already (process {Environment.ProcessId})", exception.Message, StringComparison.Ordinal);
        Assert.Contains("-- ps", exception.Message, StringComparison.Ordinal);
        Assert.Contains("-- stop", exception.Message, StringComparison.Ordinal);
        Assert.Equal(file, host.File);
        Assert.Equal(authority, File.GetLastWriteTimeUtc(Path.Combine(host.Directories.Pki, "ca.crt")));
        Assert.NotEmpty(await host.Http.GetStringAsync("api/resources", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_AfterAHostThatWasKilled_TakesItsPlace()
    {
        await using var host = RunningHost.NotStarted();
        await WriteStaleFileAsync(host.Directories);

        var (exitCode, _, error) = await host.CommandAsync("ps");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("error: No instance of this app host is running.", error, StringComparison.Ordinal);

        await host.Application.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Environment.ProcessId, host.File.ProcessId);
        Assert.Equal(0, (await host.CommandAsync("ps")).ExitCode);
    }

    [Fact]
    public async Task IsRunning_WhenItsProcessIsKilled_IsFalseAtOnce()
    {
        await using var host = RunningHost.NotStarted();
        Directory.CreateDirectory(host.Directories.Run);
        Tool.SkipUnlessPresent("flock");
        using var holder = Process.Start(new ProcessStartInfo("flock", [Path.Combine(host.Directories.Run, "host.lock"), "sleep", "600"]))!;
        try
        {
            await Eventually.TrueAsync(() => HostInstance.IsRunning(host.Directories));
            await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Application.StartAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
        }

        await Eventually.TrueAsync(() => !HostInstance.IsRunning(host.Directories));
        await host.Application.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task HostFile_WhileRunning_IsTheOwnersAlone()
    {
        await using var host = await RunningHost.StartAsync(b => b.AddServer("server"));

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Directories.HostFile));
        }

        Assert.Matches("^[0-9a-f]{64}$", host.File.ApiKey);
    }

    [Fact]
    public async Task Start_WithAStateFolderThatCannotBe_SaysWhichSettingNamesAnother()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("file"), string.Empty, TestContext.Current.CancellationToken);
        await using var application = RunningHost.Build(folder.Path, b => b.AddServer("server"), folder.File("file/state"));

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(folder.File("file/state"), exception.Message, StringComparison.Ordinal);
        Assert.Contains(HostSettings.StateDirectory, exception.Message, StringComparison.Ordinal);
    }

    private static Task WriteStaleFileAsync(HostDirectories directories)
    {
        Directory.CreateDirectory(directories.Run);
        File.WriteAllText(Path.Combine(directories.Run, "host.lock"), string.Empty);

        // The process lives, as a process that was given the number of the dead host would.
        return File.WriteAllTextAsync(
            directories.HostFile,
            $$"""{"processId":{{Environment.ProcessId}},"controlUrl":"http://127.0.0.1:1","apiKey":"old"}""",
            TestContext.Current.CancellationToken);
    }
}
