namespace HighAvail.Tests.Gateway.Limits;

/// <summary>A gateway that grants little, and believes those who connect from this machine where they say a request came from.</summary>
public sealed class LimitedGateway : GatewayFixture
{
    protected override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Security__TrustedProxies__0", "127.0.0.0/8"),
        ("Limits__Gateways", "2"),
        ("Limits__PerUser", "4"),
        ("Limits__PerAddress", "8"),
        ("Limits__AuthPerAddress", "2"),
    ];
}
