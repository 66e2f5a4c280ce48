using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.ServiceDefaults.Data;

/// <summary>What is known of who else uses the server, from section <c>Postgres</c>.</summary>
internal sealed record ConnectionBudgetOptions
{
    /// <summary>
    /// How many replicas, of all services that use the server, may run at once: <c>max_connections</c> must be enough for all of them. Six: two
    /// services with two replicas each, and a third of each while one is replaced. The app host says it where it is otherwise.
    /// </summary>
    [Range(1, 1_000)]
    public int Replicas { get; set; } = 6;
}

[OptionsValidator]
internal sealed partial class ConnectionBudgetOptionsValidator : IValidateOptions<ConnectionBudgetOptions>;
