using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.Gateway.Routing;

/// <summary>Limits of the gateway, from section <c>Gateway</c>.</summary>
internal sealed record GatewayOptions
{
    /// <summary>
    /// How long a request may take, event streams excepted. Fifteen seconds: longer than a failover of the database, shorter than the 20 s after which
    /// those who stand before the gateway give up, so that the client gets an answer and not a broken connection.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
