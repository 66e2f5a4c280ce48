using System.Net;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Security;

/// <summary>Whose word counts, from section <c>Security</c>.</summary>
internal sealed record SecurityOptions
{
    /// <summary>
    /// Addresses or networks (<c>10.1.0.0/16</c>) of the proxies whose word on where a request came from, and how, counts (<c>X-Forwarded-For</c>,
    /// <c>X-Forwarded-Proto</c>). None: anybody could claim anything.
    /// </summary>
    public string[] TrustedProxies { get; set; } = [];
}

/// <summary>Refuses what is neither an address nor a network.</summary>
internal sealed class SecurityOptionsValidator : IValidateOptions<SecurityOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityOptions options) =>
        options.TrustedProxies.FirstOrDefault(static proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)) is { } wrong
            ? ValidateOptionsResult.Fail($"Security:TrustedProxies: '{wrong}' is neither an IP address nor a network such as 10.1.0.0/16.")
            : ValidateOptionsResult.Success;
}
