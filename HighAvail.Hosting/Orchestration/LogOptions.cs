using System.ComponentModel.DataAnnotations;

namespace HighAvail.Hosting.Orchestration;

internal sealed record LogOptions
{
    // Some minutes of a busy service: what a person scrolls back to. The files keep more.
    [Range(1, 1_000_000)]
    public int MaxLines { get; init; } = 10_000;

    // A dozen replicas then stay below 100 MB even if each writes nothing but stack traces. Counted as UTF-16.
    [Range(1024, 1L << 30)]
    public long MaxBytes { get; init; } = 8 << 20;

    // With the one previous file, a day of normal output of a replica, and 32 MB on the disk at most.
    [Range(1024, 1L << 40)]
    public long MaxFileBytes { get; init; } = 16 << 20;

    // As long as nobody at a "tail -f" minds, and five writes a second at most.
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FlushDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
