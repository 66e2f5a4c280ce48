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
        using var passwords = Create();
        var hash = await passwords.HashAsync("correct horse battery", Cancellation);

        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, "correct horse battery", Cancellation));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(hash, "correct horse batterz", Cancellation));
    }

    [Fact]
    public async Task Verify_NoHash_IsNeverRight()
    {
        using var passwords = Create();

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
    public async Task Verify_MoreThanMayRunAndWait_TellsTheRestToComeBackAndNeverRunsMore()
    {
        using var hasher = new HeldPasswordHasher();
        using var passwords = Create(hasher, maxConcurrent: 2, maxQueued: 3);
        var running = Enumerable.Range(0, 2).Select(_ => Task.Run(() => VerifyAsync(passwords), Cancellation)).ToArray();
        await Eventually.TrueAsync(() => hasher.Running == 2);
        var waiting = Enumerable.Range(0, 3).Select(_ => VerifyAsync(passwords)).ToArray();

        // Whatever else is asked of it: one limit for all.
        var refused = await VerifyAsync(passwords);
        var refusedHash = await passwords.HashAsync("correct horse battery", Cancellation);
        var stillWaiting = waiting.Count(check => !check.IsCompleted);
        hasher.Release();
        var results = await Task.WhenAll([.. running, .. waiting]);

        Assert.Null(refused);
        Assert.Null(refusedHash);
        Assert.Equal(3, stillWaiting);
        Assert.All(results, result => Assert.Equal(PasswordVerificationResult.Failed, result));
        Assert.Equal((2, 5), (hasher.Most, hasher.Done));
        Assert.NotNull(await VerifyAsync(passwords));
    }

    // Whoever gave up leaves his place in the queue to another.
    [Fact]
    public async Task Verify_ClientLeavesWhileItWaits_GivesItsPlaceBack()
    {
        using var hasher = new HeldPasswordHasher();
        using var passwords = Create(hasher, maxConcurrent: 1, maxQueued: 1);
        var running = Task.Run(() => VerifyAsync(passwords), Cancellation);
        await Eventually.TrueAsync(() => hasher.Running == 1);
        using var leaves = new CancellationTokenSource();
        var left = passwords.VerifyAsync(hash: null, "correct horse battery", leaves.Token);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var another = VerifyAsync(passwords);
        hasher.Release();

        Assert.NotNull(await another);
        Assert.NotNull(await running);
        Assert.Equal(2, hasher.Done);
    }

    private static PasswordHashes Create(IPasswordHasher<object>? hasher = null, int maxConcurrent = 1, int maxQueued = 50) => new(
        hasher ?? PasswordHashes.CreateHasher(),
        Options.Create(new PasswordHashingOptions { MaxConcurrentHashes = maxConcurrent, MaxQueuedHashes = maxQueued }));

    private static Task<PasswordVerificationResult?> VerifyAsync(PasswordHashes passwords) =>
        passwords.VerifyAsync(hash: null, "correct horse battery", Cancellation);
}
