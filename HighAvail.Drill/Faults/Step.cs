using System.Globalization;

namespace HighAvail.Drill.Faults;

/// <summary>Something that is done to the system. Its text is as in a file of scenarios.</summary>
internal abstract record Step;

/// <summary>A command of the host.</summary>
internal sealed record CommandStep(string Command, StepTarget Target) : Step
{
    public override string ToString() => $"{Command} {Target}";
}

/// <summary>Another number of replicas.</summary>
internal sealed record ScaleStep(string Resource, int Replicas) : Step
{
    internal const string Command = "scale";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Command} {Resource} {Replicas}");
}

/// <summary>Everything in a Redis is deleted.</summary>
internal sealed record EmptyStep(string Resource) : Step
{
    public override string ToString() => $"empty {Resource}";
}

/// <summary>Nothing is done for a while.</summary>
internal sealed record WaitStep(TimeSpan Duration) : Step
{
    public override string ToString() => $"wait {Durations.Format(Duration)}";
}

/// <summary>Nothing is done until a killed replica is being started again.</summary>
internal sealed record WaitForStartStep(StepTarget Target) : Step
{
    public override string ToString() => $"wait for {Target} to start";
}

/// <summary>What a step is done to.</summary>
/// <param name="Selection">Which replicas.</param>
/// <param name="Name">The resource, or a replica by its name.</param>
internal sealed record StepTarget(Selection Selection, string Name)
{
    public override string ToString() => Selection switch
    {
        Selection.One => $"one {Name}",
        Selection.AllButOne => $"all but one {Name}",
        _ => Name,
    };
}

internal enum Selection
{
    /// <summary>What has the name: a replica, or a resource with all of them.</summary>
    Named,

    /// <summary>Some replica of the resource, the same one in all steps of a fault.</summary>
    One,

    /// <summary>The others.</summary>
    AllButOne,
}
