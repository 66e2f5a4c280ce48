using System.Globalization;

namespace HighAvail.Dashboard.Shell;

/// <summary>How pages write numbers and times.</summary>
internal static class Format
{
    /// <summary>The time of day here; with the date when that is another one.</summary>
    internal static string Time(DateTimeOffset time, DateTimeOffset now)
    {
        var (local, today) = (time.ToLocalTime(), now.ToLocalTime().Date);
        return local.ToString(local.Date == today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Date and time here to the millisecond.</summary>
    internal static string FullTime(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);

    /// <summary>A size in the largest unit of which there is at least one.</summary>
    internal static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB"),
    };

    /// <summary>A share of one processor.</summary>
    internal static string Cpu(double processors) => string.Create(CultureInfo.InvariantCulture, $"{processors * 100:0.0} %");
}
