namespace HighAvail.Hosting.ApplicationModel;

/// <summary>How resources wait for each other.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>
    /// What a wait does, unless it says otherwise, when the other resource failed or ended. Without a dashboard it gives up, because nobody is
    /// there to start the other one again.
    /// </summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}
