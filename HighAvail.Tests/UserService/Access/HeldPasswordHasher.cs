using Microsoft.AspNetCore.Identity;

namespace HighAvail.Tests.UserService.Access;

/// <summary>Password checks that do not end before they are told to. No password is right.</summary>
internal sealed class HeldPasswordHasher : IPasswordHasher<object>, IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private readonly Lock _lock = new();

    public int Running { get; private set; }

    /// <summary>The most that ran at the same time.</summary>
    public int Most { get; private set; }

    public int Done { get; private set; }

    public void Release() => _released.Set();

    public string HashPassword(object user, string password)
    {
        Hold();
        return "a hash";
    }

    public PasswordVerificationResult VerifyHashedPassword(object user, string hashedPassword, string providedPassword)
    {
        Hold();
        return PasswordVerificationResult.Failed;
    }

    // Not the event: whoever was held when a test failed still looks at it.
    public void Dispose() => Release();

    private void Hold()
    {
        lock (_lock)
        {
            Most = Math.Max(Most, ++Running);
        }

        _released.Wait();
        lock (_lock)
        {
            Running--;
            Done++;
        }
    }
}
