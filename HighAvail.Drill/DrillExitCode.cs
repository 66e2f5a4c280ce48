namespace HighAvail.Drill;

/// <summary>What a drill tells the script that ran it.</summary>
internal static class DrillExitCode
{
    /// <summary>Nothing was lost, doubled or otherwise wrong; availability reached its goal; everything healed.</summary>
    internal const int Held = 0;

    /// <summary>The drill itself could not be done: bad options, a system that does not start, a fault that could not be made.</summary>
    internal const int NotDone = 1;

    /// <summary>The audit found something.</summary>
    internal const int Broken = 2;

    /// <summary>The audit found nothing, but too many requests failed, or a fault did not heal.</summary>
    internal const int NotAvailable = 3;

    /// <summary>Ended by the person at the terminal (128 + SIGINT).</summary>
    internal const int Cancelled = 130;
}
