namespace HighAvail.Tests.Gateway.Limits;

/// <summary>A gateway that has one place for each service, and one to wait for it.</summary>
public class CrowdedGateway : GatewayFixture
{
    protected override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Limits__Concurrency", "1"),
        ("Limits__Queue", "1"),
        // Tests let a replica answer nothing for as long as they need.
        ("Limits__QueueTime", "00:05:00"),
        ("Limits__BurstTime", "00:00:00"),
        ("Forwarding__Silence", "00:05:00"),
    ];
}
