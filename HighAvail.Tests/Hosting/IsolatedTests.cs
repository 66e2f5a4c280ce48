using HighAvail.Tests.EndToEnd;

namespace HighAvail.Tests.Hosting;

/// <summary>Instances of one app host side by side.</summary>
[Collection(nameof(WholeMachine))]
public sealed class IsolatedTests
{
    private static readonly string[] _fixedPorts = ["--DcpPublisher:RandomizePorts=false", "--isolated"];

    private static CancellationToken Cancelled => Patience.Token;

    [Fact]
    public async Task Start_TwoIsolated_RunSideBySideAndKnowNothingOfEachOther()
    {
        using var state = new AppHostState();
        using var first = await AppHostProcess.StartAsync(state, Cancelled, _fixedPorts);
        using var one = await first.CreateClientAsync(new AppHostState(Path.Combine(state.Path, "isolated", "1")), Cancelled);
        await first.LineAsync("All resources are healthy", Cancelled);
        using var second = await AppHostProcess.StartAsync(state, Cancelled, _fixedPorts);
        using var other = await second.CreateClientAsync(new AppHostState(Path.Combine(state.Path, "isolated", "2")), Cancelled);
        await second.LineAsync("All resources are healthy", Cancelled);

        await Customers.SignInAsync(one, Cancelled);
        await Customers.SignInAsync(other, Cancelled);
        using var stranger = new HttpRequestMessage(HttpMethod.Get, "/users/me") { Headers = { Authorization = one.DefaultRequestHeaders.Authorization } };
        other.DefaultRequestHeaders.Authorization = null;
        using var refused = await other.SendAsync(stranger, Cancelled);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("-- --isolated=2 ps", second.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TwoAtTheSameMoment_TakeANumberEach()
    {
        using var state = new AppHostState();
        string[] arguments = [.. _fixedPorts, "--HighAvail:Postgres:BinDirectory=/nonexistent"];

        using var first = await AppHostProcess.StartAsync(state, Cancelled, arguments);
        using var second = await AppHostProcess.StartAsync(state, Cancelled, arguments);
        var outputs = new[] { await first.OutputAsync(Cancelled), await second.OutputAsync(Cancelled) };

        Assert.All(outputs, output => Assert.Contains("postgres  failed ", output, StringComparison.Ordinal));
        Assert.All(outputs, output => Assert.DoesNotContain("is running already", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_TwoClonesIsolated_RunSideBySideWithPortsAndDataOfTheirOwn()
    {
        using var clone = new AppHostState();
        using var other = new AppHostState();
        using var first = await AppHostProcess.StartAsync(clone, Cancelled, _fixedPorts);
        using var one = await first.CreateClientAsync(new AppHostState(Path.Combine(clone.Path, "isolated", "1")), Cancelled);
        await first.LineAsync("All resources are healthy", Cancelled);
        using var second = await AppHostProcess.StartAsync(other, Cancelled, _fixedPorts);
        using var two = await second.CreateClientAsync(new AppHostState(Path.Combine(other.Path, "isolated", "1")), Cancelled);
        await second.LineAsync("All resources are healthy", Cancelled);

        Assert.NotEqual(one.BaseAddress, two.BaseAddress);
        using var ps = await AppHostProcess.CommandAsync(other, _ => { }, Cancelled, "ps", "--isolated=1");
        var listed = await ps.OutputAsync(Cancelled);
        Assert.Equal(0, ps.ExitCode);
        Assert.Contains(two.BaseAddress!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), listed, StringComparison.Ordinal);
    }
}
