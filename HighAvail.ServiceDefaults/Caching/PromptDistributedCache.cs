using Microsoft.Extensions.Caching.Distributed;

namespace HighAvail.ServiceDefaults.Caching;

/// <summary>
/// Fails when its server is late. The Redis client itself notices that only at its next heartbeat, and a time-out of the cache above would end the
/// waiting without counting as a failure: every reader would wait anew for a server that hangs, instead of one in a while.
/// </summary>
internal sealed class PromptDistributedCache(IDistributedCache inner, TimeSpan timeout, TimeProvider time) : IDistributedCache
{
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => inner.GetAsync(key, token).WaitAsync(timeout, time, token);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        inner.SetAsync(key, value, options, token).WaitAsync(timeout, time, token);

    public Task RefreshAsync(string key, CancellationToken token = default) => inner.RefreshAsync(key, token).WaitAsync(timeout, time, token);

    public Task RemoveAsync(string key, CancellationToken token = default) => inner.RemoveAsync(key, token).WaitAsync(timeout, time, token);

    public byte[]? Get(string key) => throw OnlyAsynchronous();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw OnlyAsynchronous();

    public void Refresh(string key) => throw OnlyAsynchronous();

    public void Remove(string key) => throw OnlyAsynchronous();

    private static NotSupportedException OnlyAsynchronous() => new("The cache is used asynchronously: a blocked thread cannot be given up.");
}
