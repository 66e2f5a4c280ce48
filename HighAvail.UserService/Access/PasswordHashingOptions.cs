using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

/// <summary>How much of a replica password checks may take. Section <c>Passwords</c>.</summary>
internal sealed record PasswordHashingOptions
{
    /// <summary>
    /// How many passwords are hashed at once. Half the processors: a hash is some 100 ms of nothing but CPU, and a rush of sign-ins must
    /// leave room for everybody else.
    /// </summary>
    [Range(1, 64)]
    public int MaxConcurrentHashes { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>
    /// How many may wait for their turn; more are told to come back. 50: some five seconds of work for one processor, after which whoever
    /// asked has given up.
    /// </summary>
    [Range(0, 10_000)]
    public int MaxQueuedHashes { get; set; } = 50;
}

[OptionsValidator]
internal sealed partial class PasswordHashingOptionsValidator : IValidateOptions<PasswordHashingOptions>;
