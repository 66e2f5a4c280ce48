using System.Net;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Edge;

/// <summary>What stands before the gateway, from section <c>Edge</c>.</summary>
internal sealed record EdgeOptions
{
    /// <summary>
    /// Addresses or networks (<c>10.1.0.0/16</c>) of the proxies whose word on where a request came from counts (<c>X-Forwarded-For</c>). None: anybody
    /// could claim anything.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];
}

/// <summary>Refuses what is neither an address nor a network.</summary>
internal sealed class EdgeOptionsValidator : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options) =>
        options.TrustedProxies.FirstOrDefault(static proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)) is { } wrong
            ? ValidateOptionsResult.Fail($"Edge:TrustedProxies: '{wrong}' is neither an IP address nor a network such as 10.1.0.0/16.")
            : ValidateOptionsResult.Success;
}
