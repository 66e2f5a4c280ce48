using HighAvail.OrderService.Feed;
using HighAvail.ServiceDefaults.Access;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace HighAvail.OrderService.Access;

/// <summary>
/// Finds keys in memory. A token with an unknown one is the only thing for which the User service is asked while a client waits.
/// </summary>
internal sealed class FollowedSigningKeys(SigningKeyCopy copy, UserFeed feed, IOptions<FeedOptions> options) : ISigningKeySource
{
    public SecurityKey? Find(string keyId) => copy.Find(keyId)?.Key;

    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.UnknownKeyTimeout);
        try
        {
            return await feed.CatchUpAsync(limit.Token);
        }
#pragma warning disable CA1031 // Whatever kept the news away, this request cannot be decided now. The follower logs outages.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
