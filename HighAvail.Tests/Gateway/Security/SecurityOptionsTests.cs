using HighAvail.Gateway.Security;

namespace HighAvail.Tests.Gateway.Security;

public class SecurityOptionsTests
{
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.1.0.0/16")]
    [InlineData("2001:db8::/32")]
    public void Validate_AddressOrNetwork_IsTaken(string proxy) => Assert.True(Validate(proxy).Succeeded);

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.1.0.0/33")]
    [InlineData("")]
    public void Validate_SomethingElse_IsNamed(string proxy) =>
        Assert.Contains($"'{proxy}' is neither an IP address nor a network", Validate(proxy).FailureMessage, StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(string proxy) =>
        new SecurityOptionsValidator().Validate(null, new SecurityOptions { TrustedProxies = ["127.0.0.1", proxy] });
}
