using HighAvail.UserService.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace HighAvail.Tests.UserService.Access;

public sealed class PasswordHashesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_OwnHash_TellsRightFromWrong()
    {
        using var passwords = new PasswordHashes(Options.Create(new PasswordHashingOptions()));
        var hash = await passwords.HashAsync("correct horse battery", Cancellation);

        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, "correct horse battery", Cancellation));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(hash, "correct horse batterz", Cancellation));
    }

    [Fact]
    public async Task Verify_NoHash_IsNeverRight()
    {
        using var passwords = new PasswordHashes(Options.Create(new PasswordHashingOptions()));

        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(hash: null, "the decoy belongs to nobody", Cancellation));
    }

    // Success, and not "rehash needed": the decoy has the algorithm and the number of iterations of every other hash.
    [Fact]
    public void Decoy_ItsPassword_CostsAsMuchAsAnyOther()
    {
        var hasher = new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { IterationCount = PasswordHashes.Iterations }));

        var result = hasher.VerifyHashedPassword(new object(), PasswordHashes.Decoy, "the decoy belongs to nobody");

        Assert.Equal(PasswordVerificationResult.Success, result);
    }

    [Fact]
    public async Task Hash_MoreThanMayWait_TellsThemToComeBack()
    {
        using var passwords = new PasswordHashes(
            Options.Create(new PasswordHashingOptions { MaxConcurrentHashes = 1, MaxQueuedHashes = 1 }));

        var hashes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => passwords.HashAsync("correct horse battery", Cancellation), Cancellation)));

        Assert.Contains(hashes, hash => hash is null);
        Assert.Contains(hashes, hash => hash is not null);
    }
}
