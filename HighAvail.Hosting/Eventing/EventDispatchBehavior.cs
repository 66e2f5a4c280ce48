namespace HighAvail.Hosting.Eventing;

/// <summary>How the callbacks of an event are called.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after another; whoever publishes waits for all.</summary>
    BlockingSequential,

    /// <summary>All at once; whoever publishes waits for all.</summary>
    BlockingConcurrent,

    /// <summary>One after another; nobody waits.</summary>
    NonBlockingSequential,

    /// <summary>All at once; nobody waits.</summary>
    NonBlockingConcurrent,
}
