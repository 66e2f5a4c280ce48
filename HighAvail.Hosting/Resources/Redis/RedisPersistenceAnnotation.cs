using HighAvail.Hosting.ApplicationModel;

namespace HighAvail.Hosting.Resources.Redis;

/// <summary>When a Redis server in a container writes a snapshot.</summary>
/// <param name="Interval">How long changes may be unsaved.</param>
/// <param name="KeysChangedThreshold">How many keys must have changed.</param>
internal sealed record RedisPersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
