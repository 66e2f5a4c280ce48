using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.OrderService.Access;

/// <summary>How the copy of the signing keys is kept up to date. Section <c>SigningKeys</c>.</summary>
internal sealed record SigningKeyOptions
{
    /// <summary>How often the keys are asked for. 30 s: a new key is published at least two intervals before it signs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often they are asked for while there is none. One second: until then nobody can place an order.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FirstRefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a request whose token names an unknown key waits for the keys before it is refused. One second: half of a try in the
    /// gateway.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan UnknownKeyTimeout { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class SigningKeyOptionsValidator : IValidateOptions<SigningKeyOptions>;
