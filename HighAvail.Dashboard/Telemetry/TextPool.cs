using System.Collections.Concurrent;
using System.Text;

namespace HighAvail.Dashboard.Telemetry;

/// <summary>Keeps one string for all the times that a name is sent.</summary>
internal sealed class TextPool
{
    // What has more is no name that comes again.
    private const int MaxLength = 128;

    // Whoever puts ids into names would fill the memory with them.
    private const int MaxCount = 10_000;

    private ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _count;

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[MaxLength];
        chars = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        var texts = _texts;
        if (texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > MaxCount)
        {
            (_texts, _count) = (texts = new(StringComparer.Ordinal), 0);
        }

        var text = chars.ToString();
        return texts.GetOrAdd(text, text);
    }
}
