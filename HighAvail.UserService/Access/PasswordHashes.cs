using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HighAvail.UserService.Access;

/// <summary>
/// PBKDF2 with HMAC-SHA512 as ASP.NET Core Identity stores it, a bounded number at a time.
/// </summary>
internal sealed class PasswordHashes : IDisposable
{
    /// <summary>OWASP's Password Storage Cheat Sheet for PBKDF2-HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>
    /// A hash with the same parameters that no account has: checking against it makes an unknown address as slow as a wrong password.
    /// It is a constant because making one costs every start as much as a sign-in.
    /// </summary>
    public const string Decoy =
        "AQAAAAIAAzRQAAAAEFLOeHlWVSKzxwVLyI1z9LfLRuFwgaCdb9hquds+PCT0l1t3Yg7r5Fpp/GEH5E/QwA==";

    private static readonly object _anybody = new();

    private readonly IPasswordHasher<object> _hasher;
    private readonly ConcurrencyLimiter _limiter;

    public PasswordHashes(IPasswordHasher<object> hasher, IOptions<PasswordHashingOptions> options)
    {
        _hasher = hasher;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.MaxConcurrentHashes,
            QueueLimit = options.Value.MaxQueuedHashes,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>What hashes and checks, one by one.</summary>
    public static PasswordHasher<object> CreateHasher() => new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    /// <summary>Returns <see langword="null"/> when too many wait already.</summary>
    public async Task<string?> HashAsync(string password, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(permitCount: 1, cancellationToken);
        return lease.IsAcquired ? _hasher.HashPassword(_anybody, password) : null;
    }

    /// <summary>Returns <see langword="null"/> when too many wait already. No hash at all takes as long as a wrong password.</summary>
    public async Task<PasswordVerificationResult?> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(permitCount: 1, cancellationToken);
        if (!lease.IsAcquired)
        {
            return null;
        }

        var result = _hasher.VerifyHashedPassword(_anybody, hash ?? Decoy, password);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => _limiter.Dispose();
}
