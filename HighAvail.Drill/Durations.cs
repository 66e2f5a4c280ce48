using System.Globalization;

namespace HighAvail.Drill;

/// <summary>Durations as people write them: <c>500ms</c>, <c>3s</c>, <c>30m</c>, <c>1h</c>.</summary>
internal static class Durations
{
    internal const string Form = "a number and ms, s, m or h, such as 500ms, 3s or 30m";

    private static readonly (string Unit, TimeSpan Length)[] _units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>Reads one of at most a day.</summary>
    internal static bool TryParse(string text, out TimeSpan duration)
    {
        foreach (var (unit, length) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= TimeSpan.FromDays(1) / length)
            {
                duration = number * length;
                return true;
            }
        }

        duration = default;
        return false;
    }

    internal static string Format(TimeSpan duration)
    {
        var (unit, length) = _units.LastOrDefault(u => u.Length <= duration && duration.Ticks % u.Length.Ticks == 0, _units[0]);
        return string.Create(CultureInfo.InvariantCulture, $"{duration / length:0.###}{unit}");
    }
}
