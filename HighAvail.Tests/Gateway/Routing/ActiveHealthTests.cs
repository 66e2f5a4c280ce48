using HighAvail.ServiceDefaults.Draining;
using HighAvail.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace HighAvail.Tests.Gateway.Routing;

/// <summary>Where nobody keeps a file of those that are ready, the gateway probes the replicas itself.</summary>
public sealed class ActiveHealthTests(ActiveHealthTests.UnprobedReplicas gateway) : IClassFixture<ActiveHealthTests.UnprobedReplicas>
{
    [Fact]
    public async Task Request_ReplicaSaysItIsNotReady_GoesToTheOther()
    {
        var answers = new HashSet<string?>();
        await Eventually.TrueAsync(
            async () =>
            {
                answers.Add(await ReplicaAsync());
                return answers.Count == 2;
            },
            "both replicas to be used");

        gateway.Replicas[0].Services.GetRequiredService<DrainSignal>().Begin();

        var streak = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                streak = await ReplicaAsync() == "1" ? streak + 1 : 0;
                return streak >= 20;
            },
            "only the replica that is ready");
    }

    private async Task<string?> ReplicaAsync()
    {
        using var response = await gateway.Client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return (await GatewayFixture.ReadAsync(response)).GetProperty("replica").GetString();
    }

    public sealed class UnprobedReplicas : GatewayFixture
    {
        internal List<TestService> Replicas { get; } = [];

        protected override IEnumerable<(string Name, string Value)> Discovery =>
        [
            ("services__users__https__0", "https://127.0.0.1:1"),
            .. Replicas.Select(static (replica, index) => ($"services__orders__https__{index}", replica.Address.OriginalString)),
        ];

        protected override async Task PrepareAsync()
        {
            Replicas.Add(await StartReplicaAsync("0"));
            Replicas.Add(await StartReplicaAsync("1"));
        }
    }
}
