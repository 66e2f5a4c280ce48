namespace HighAvail.Drill.Load;

/// <summary>How often customers ask for what: as in a shop where people look more than they buy, but buy enough to find what is lost.</summary>
internal sealed class RequestMix(Random random)
{
    // In thousandths. Signing in costs a password hash of some 100 ms of CPU, and people do it seldom.
    private static readonly (RequestKind Kind, int Share)[] _shares =
    [
        (RequestKind.Place, 350),
        (RequestKind.Read, 270),
        (RequestKind.List, 140),
        (RequestKind.Profile, 115),
        (RequestKind.Cancel, 80),
        (RequestKind.Watch, 40),
        (RequestKind.SignIn, 5),
    ];

    /// <summary>The shares, for a report.</summary>
    internal static IReadOnlyDictionary<RequestKind, double> Shares { get; } = _shares.ToDictionary(s => s.Kind, s => s.Share / 1000.0);

    internal RequestKind Next()
    {
        var drawn = random.Next(1000);
        foreach (var (kind, share) in _shares)
        {
            if ((drawn -= share) < 0)
            {
                return kind;
            }
        }

        throw new InvalidOperationException("The shares do not add up to 1000.");
    }
}
