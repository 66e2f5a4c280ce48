using System.Text;

namespace HighAvail.Hosting.Orchestration;

/// <summary>Turns the bytes of one output stream into lines. Lines that are too long are delivered in pieces.</summary>
internal sealed class LineSplitter(Action<string> deliver)
{
    /// <summary>In characters. Longer than any sensible log line, short enough that a dozen replicas' buffers do not matter.</summary>
    public const int MaxLineLength = 8192;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly char[] _line = new char[MaxLineLength];
    private char[] _chars = [];
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        var needed = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_chars.Length < needed)
        {
            _chars = new char[needed];
        }

        Split(_chars.AsSpan(0, _decoder.GetChars(bytes, _chars, flush: false)));
    }

    /// <summary>Delivers what came after the last line end.</summary>
    public void Complete()
    {
        if (_length > 0)
        {
            Deliver(_length);
        }
    }

    private void Split(ReadOnlySpan<char> chars)
    {
        while (!chars.IsEmpty)
        {
            var newline = chars.IndexOf('\n');
            Add(newline < 0 ? chars : chars[..newline]);
            if (newline < 0)
            {
                return;
            }

            Deliver(_length > 0 && _line[_length - 1] == '\r' ? _length - 1 : _length);
            chars = chars[(newline + 1)..];
        }
    }

    private void Add(ReadOnlySpan<char> chars)
    {
        while (chars.Length > _line.Length - _length)
        {
            var taken = _line.Length - _length;
            if (taken > 0 && char.IsHighSurrogate(chars[taken - 1]))
            {
                taken--;
            }

            chars[..taken].CopyTo(_line.AsSpan(_length));
            Deliver(_length + taken);
            chars = chars[taken..];
        }

        chars.CopyTo(_line.AsSpan(_length));
        _length += chars.Length;
    }

    private void Deliver(int length)
    {
        deliver(new(_line, 0, length));
        _length = 0;
    }
}
