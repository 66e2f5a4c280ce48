namespace HighAvail.Drill;

/// <summary>Something that the person at the terminal has to know or mend; the message is for them.</summary>
internal sealed class DrillException : Exception
{
    public DrillException(string message)
        : base(message)
    {
    }

    public DrillException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
