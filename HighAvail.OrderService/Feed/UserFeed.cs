using HighAvail.OrderService.Access;
using HighAvail.OrderService.Signals;

namespace HighAvail.OrderService.Feed;

/// <summary>Brings what the service knows of users and their signing keys up to date.</summary>
internal sealed class UserFeed(FeedClient client, FeedStore store, SigningKeyCopy keys, FeedLag lag, OrderSignals signals, TimeProvider timeProvider)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    // The place up to which the keys in memory are known to be read: another replica may have moved it on.
    private FeedPosition? _keysReadAt;

    /// <summary>
    /// Asks once and applies what comes, waiting for news if there are none. Returns whether nothing more is known to come.
    /// </summary>
    public async Task<bool> FollowAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var position = await store.ReadPositionAsync(cancellationToken);
        if (position != _keysReadAt)
        {
            await keys.LoadAsync(cancellationToken);
            _keysReadAt = position;
        }

        if (await client.GetAsync(position.Cursor, wait, cancellationToken) is not { } page)
        {
            await store.RestartAsync(position);
            return false;
        }

        if (page.Next != position.Cursor && !await store.ApplyAsync(position, page))
        {
            return false;
        }

        if (page.Users.Any(user => user.DeactivatedAt is not null))
        {
            // Orders of theirs may have been rejected, while somebody watches.
            signals.AnnounceChanges();
        }

        if (page.Keys.Count > 0)
        {
            await keys.LoadAsync(cancellationToken);
        }

        lag.Applied(page);
        return page.Remaining == 0;
    }

    /// <summary>Asks until nothing more is known to come; returns <see langword="false"/> when that is not to be had now.</summary>
    public async Task<bool> CatchUpAsync(CancellationToken cancellationToken)
    {
        while (!await FollowAsync(TimeSpan.Zero, cancellationToken))
        {
            // More is to come, but it may wait for a transaction that is under way.
            await Task.Delay(_pause, timeProvider, cancellationToken);
        }

        return true;
    }
}
