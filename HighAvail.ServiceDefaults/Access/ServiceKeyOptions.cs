using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Access;

/// <summary>The secret that the services show each other, from the setting <c>ServiceKey</c>.</summary>
internal sealed record ServiceKeyOptions
{
    [Required(ErrorMessage = "ServiceKey is missing: the app host passes its parameter service-key.")]
    [MinLength(16)]
    public string? ServiceKey { get; set; }
}

[OptionsValidator]
internal sealed partial class ServiceKeyOptionsValidator : IValidateOptions<ServiceKeyOptions>;
