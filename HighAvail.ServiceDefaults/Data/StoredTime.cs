namespace HighAvail.ServiceDefaults.Data;

/// <summary>Times as Postgres keeps them.</summary>
public static class StoredTime
{
    /// <summary>
    /// The current UTC time in whole microseconds: what is answered when a row is written equals what is read later.
    /// </summary>
    /// <param name="timeProvider">The clock.</param>
    /// <returns>A time of kind <see cref="DateTimeKind.Utc"/>.</returns>
    public static DateTime GetStoredNow(this TimeProvider timeProvider)
    {
        var now = timeProvider.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }
}
