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
}
