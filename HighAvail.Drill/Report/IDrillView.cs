namespace HighAvail.Drill.Report;

/// <summary>What the person at the terminal sees while a drill runs.</summary>
internal interface IDrillView
{
    /// <summary>Says something, before or after the load.</summary>
    void Say(string text);

    /// <summary>Shows how it goes, until it is cancelled.</summary>
    Task FollowAsync(DrillProgress progress, CancellationToken stop);
}
