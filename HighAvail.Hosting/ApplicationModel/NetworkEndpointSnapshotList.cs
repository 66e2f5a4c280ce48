using System.Collections;
using System.Collections.Immutable;

namespace HighAvail.Hosting.ApplicationModel;

/// <summary>An endpoint's address in one network.</summary>
/// <param name="Snapshot">The address, which may not be known yet.</param>
/// <param name="NetworkID">The network.</param>
public sealed record NetworkEndpointSnapshot(ValueSnapshot<AllocatedEndpoint> Snapshot, NetworkIdentifier NetworkID);

/// <summary>The addresses of an endpoint, one for each network.</summary>
#pragma warning disable CA1710 // The name is Aspire's.
public sealed class NetworkEndpointSnapshotList : IEnumerable<NetworkEndpointSnapshot>
#pragma warning restore CA1710
{
    private ImmutableArray<NetworkEndpointSnapshot> _snapshots = [];

    /// <summary>Sets the address in a network, in place of an earlier one.</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="endpoint">The address.</param>
    /// <exception cref="ArgumentException">The address is one of another network.</exception>
    public void AddOrUpdateAllocatedEndpoint(NetworkIdentifier networkId, AllocatedEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.NetworkID != networkId)
        {
            throw new ArgumentException($"The address belongs to the network '{endpoint.NetworkID}', not to '{networkId}'.", nameof(endpoint));
        }

        In(networkId).SetValue(endpoint);
    }

    /// <summary>The address in a network, once it is known.</summary>
    /// <param name="networkId">The network.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    /// <returns>The address.</returns>
    public Task<AllocatedEndpoint> GetAllocatedEndpointAsync(NetworkIdentifier networkId, CancellationToken cancellationToken = default) =>
        In(networkId).GetValueAsync(cancellationToken);

    /// <inheritdoc />
    public IEnumerator<NetworkEndpointSnapshot> GetEnumerator() => ((IEnumerable<NetworkEndpointSnapshot>)_snapshots).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ValueSnapshot<AllocatedEndpoint> In(NetworkIdentifier networkId)
    {
        ArgumentNullException.ThrowIfNull(networkId);
        ImmutableInterlocked.Update(
            ref _snapshots, all => all.Any(s => s.NetworkID == networkId) ? all : all.Add(new(new ValueSnapshot<AllocatedEndpoint>(), networkId)));
        return _snapshots.First(s => s.NetworkID == networkId).Snapshot;
    }
}
